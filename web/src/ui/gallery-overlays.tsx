/** The half of the gallery that opens over the page; see gallery.tsx. */
import { Archive, Copy, Pencil, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Problem } from "@/lib/problem";
import { Button } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Menu, MenuCheckItem, MenuGroup, MenuItem, MenuSeparator } from "@/ui/menu";
import { SidePanel } from "@/ui/panel";
import { Popover } from "@/ui/popover";
import { toast } from "@/ui/toast";

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line py-6">
      <h2 className="mb-4 text-12 font-medium text-faint">{title}</h2>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </section>
  );
}

function ThingsMenu() {
  const [shown, setShown] = useState(true);
  return (
    <Menu trigger={<Button>Menu</Button>}>
      <MenuItem icon={<Pencil size={15} />} shortcut="e">
        Edit
      </MenuItem>
      <MenuItem icon={<Copy size={15} />}>Duplicate</MenuItem>
      <MenuItem icon={<Archive size={15} />} disabled>
        Archive
      </MenuItem>
      <MenuGroup label="Columns">
        <MenuCheckItem checked={shown} onCheckedChange={setShown}>
          Company
        </MenuCheckItem>
      </MenuGroup>
      <MenuSeparator />
      <MenuItem icon={<Trash2 size={15} />} danger>
        Delete
      </MenuItem>
    </Menu>
  );
}

export function Overlays() {
  const [dialog, setDialog] = useState(false);
  const [panel, setPanel] = useState(false);
  return (
    <Part title="Over the page">
      <ThingsMenu />
      <Popover label="Filter" trigger={<Button>Popover</Button>}>
        <div className="grid w-72 gap-3 p-3 phone:w-full">
          <Input aria-label="Find" placeholder="Find" />
          <Button variant="primary">Apply</Button>
        </div>
      </Popover>
      <Button onClick={() => setDialog(true)}>Dialog</Button>
      <Button onClick={() => setPanel(true)}>Panel</Button>
      <Button
        onClick={() =>
          void confirm({
            title: "Delete 12 contacts?",
            body: "Their tasks and files go with them.",
            action: "Delete 12 contacts",
            danger: true,
          })
        }
      >
        Confirm
      </Button>
      <Button
        onClick={() => {
          toast({
            title: "12 contacts moved to the trash",
            action: { label: "Undo", onSelect: () => {} },
          });
          toast({ title: "Profile saved", tone: "good" });
          toast.error("Not saved", new Problem("conflict", "Somebody changed it meanwhile."));
        }}
      >
        Toasts
      </Button>
      <Dialog
        open={dialog}
        onOpenChange={setDialog}
        title="New contact"
        description="Only the name is needed."
        footer={
          <>
            <Button onClick={() => setDialog(false)}>Cancel</Button>
            <Button variant="primary">Create</Button>
          </>
        }
      >
        <div className="grid gap-4">
          <Field label="Name" required>
            {(wiring) => <Input {...wiring} />}
          </Field>
          <Field label="Email">{(wiring) => <Input {...wiring} type="email" />}</Field>
        </div>
      </Dialog>
      <SidePanel open={panel} onOpenChange={setPanel} label="Marta Larsen" modal>
        <p className="p-4">Marta Larsen</p>
      </SidePanel>
    </Part>
  );
}
