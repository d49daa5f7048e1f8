/** A part of a page that fails leaves the rest standing. `resetKey` gives it another chance when it changes. */
import { Component, type ReactNode } from "react";
import { isChunkFailure } from "@/app/resilience/stale";
import { asProblem, Problem } from "@/lib/problem";
import { ErrorState } from "@/ui/empty";

type Props = { children: ReactNode; resetKey?: string };
type State = { thrown: unknown; failed: boolean; key: string | undefined };

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { thrown: null, failed: false, key: this.props.resetKey };

  static getDerivedStateFromError(thrown: unknown): Partial<State> {
    return { thrown, failed: true };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    if (props.resetKey === state.key) return null;
    return { key: props.resetKey, failed: false, thrown: null };
  }

  override render(): ReactNode {
    const { thrown, failed } = this.state;
    if (!failed) return this.props.children;
    const lost = isChunkFailure(thrown);
    const problem = lost
      ? new Problem("offline", "This part could not be loaded.")
      : asProblem(thrown);
    const retry = () => {
      if (lost) window.location.reload();
      else this.setState({ failed: false, thrown: null });
    };
    return <ErrorState error={problem} onRetry={retry} />;
  }
}
