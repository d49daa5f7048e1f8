/** A record on a page of its own. */
import { useNavigate, useParams, useSearchParams } from "react-router";
import { RecordView } from "@/engine/record/record-view";
import { useSession } from "@/engine/session";
import { Problem } from "@/lib/problem";
import { ErrorState } from "@/ui/empty";

export function Component() {
  const { collection = "", id = "" } = useParams();
  const { schema, path } = useSession();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const definition = schema.collections.find((each) => each.slug === collection);
  if (!definition?.permissions.read) {
    const kind = definition ? "forbidden" : "missing";
    return <ErrorState error={new Problem(kind, "")} />;
  }
  return (
    <RecordView
      key={collection}
      definition={definition}
      id={id}
      variant="page"
      here={null}
      // A panel over the page has the keys meanwhile.
      listening={!params.has("open")}
      onOpen={(next) => {
        const tab = params.get("tab");
        const search = tab ? `?tab=${encodeURIComponent(tab)}` : "";
        void navigate(`${path(`${collection}/${next}`)}${search}`, { replace: true });
      }}
      onLeave={(back) => void navigate(back ?? path(collection))}
    />
  );
}
