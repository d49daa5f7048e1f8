/** A part of a page that fails leaves the rest standing. `resetKey` gives it another chance when it changes. */
import { t } from "@lingui/core/macro";
import { Component, type ReactNode } from "react";
import { isChunkFailure } from "@/app/resilience/stale";
import { asProblem, Problem } from "@/lib/problem";
import { ErrorState } from "@/ui/empty";
import { toast } from "@/ui/toast";

type Props = {
  children: ReactNode;
  resetKey?: string;
  /** Leaves nothing in its place and says so in a notice: for what opens over a page. */
  quiet?: boolean;
  /** In a small place. */
  compact?: boolean;
};
type State = { thrown: unknown; failed: boolean; key: string | undefined };

function problemOf(thrown: unknown): Problem {
  return isChunkFailure(thrown)
    ? new Problem("offline", "It could not be loaded. Check your connection and try again.")
    : asProblem(thrown);
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { thrown: null, failed: false, key: this.props.resetKey };

  static getDerivedStateFromError(thrown: unknown): Partial<State> {
    return { thrown, failed: true };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    if (props.resetKey === state.key) return null;
    return { key: props.resetKey, failed: false, thrown: null };
  }

  override componentDidCatch(thrown: unknown): void {
    if (this.props.quiet) toast.error(t`This part could not be opened`, problemOf(thrown));
  }

  override render(): ReactNode {
    const { thrown, failed } = this.state;
    if (!failed) return this.props.children;
    if (this.props.quiet) return null;
    const lost = isChunkFailure(thrown);
    const problem = problemOf(thrown);
    const retry = () => {
      if (lost) window.location.reload();
      else this.setState({ failed: false, thrown: null });
    };
    return <ErrorState compact={this.props.compact ?? false} error={problem} onRetry={retry} />;
  }
}
