/** New documents: `openCreate` from anywhere, the dialog where `CreateHost` stands. Small, for it is loaded with the app. */
import { lazy, Suspense } from "react";
import { useWanted, type Wanted } from "@/engine/record/create/open";
import { useSession } from "@/engine/session";

export { openCreate } from "@/engine/record/create/open";

const CreateForm = lazy(async () => ({
  default: (await import("@/engine/record/create/create-form")).CreateForm,
}));

export function CreateHost() {
  const wanted = useWanted();
  return wanted ? (
    <Suspense>
      <CreateDialog key={wanted.at} wanted={wanted} />
    </Suspense>
  ) : null;
}

/** Nothing for a collection that is not there, or that the viewer may not add to. */
export function CreateDialog({ wanted }: { wanted: Wanted }) {
  const { schema } = useSession();
  const definition = schema.collections.find((each) => each.slug === wanted.slug);
  if (!definition?.permissions.create) return null;
  return <CreateForm definition={definition} preset={wanted.preset} />;
}
