/** Every part of the kit on one page, for screenshots and axe: /gallery.html of the development server, never in the build. */
import "@/styles.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { Inbox, Pencil, Plus, Search } from "lucide-react";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { MemoryRouter } from "react-router";
import { Problem, type ProblemKind } from "@/lib/problem";
import { Avatar } from "@/ui/avatar";
import { Badge, Count, StatusTag } from "@/ui/badge";
import { Button, IconButton, LinkButton } from "@/ui/button";
import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/checkbox";
import { ColorInput } from "@/ui/color-input";
import { Combobox } from "@/ui/combobox";
import { ConfirmHost } from "@/ui/confirm";
import { DateInput, DateTimeInput } from "@/ui/date-input";
import { EmptyState, ErrorState } from "@/ui/empty";
import { Field, Input, NumberInput, PasswordInput, Textarea } from "@/ui/field";
import { Figure } from "@/ui/figure";
import { Overlays, Part } from "@/ui/gallery-overlays";
import { Kbd } from "@/ui/kbd";
import { ProgressBar, Spinner } from "@/ui/progress";
import { Segmented } from "@/ui/segmented";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { Switch } from "@/ui/switch";
import { TabPanel, Tabs } from "@/ui/tabs";
import { Toaster } from "@/ui/toast";
import { hue } from "@/ui/tone";

const STAGES = ["Lead", "Qualified", "Proposal", "Negotiation", "Won", "Churned"].map((label) => ({
  value: label.toLowerCase(),
  label,
  hue: hue(label),
}));

const PEOPLE = ["Ana Ruiz", "Ben Cole", "Chiara Neri", "Dev Patel", "Marta Larsen"].map(
  (label) => ({
    value: label,
    label,
    detail: `${label.split(" ")[0]?.toLowerCase()}@harbour.test`,
    avatar: true,
  }),
);

async function findPeople(words: string) {
  await new Promise((done) => setTimeout(done, 120));
  return PEOPLE.filter((each) => each.label.toLowerCase().includes(words.toLowerCase()));
}

function Buttons() {
  return (
    <Part title="Buttons">
      {(["sm", "md", "lg"] as const).map((size) => (
        <span key={size} className="flex flex-wrap items-center gap-2">
          <Button size={size} variant="primary" icon={<Plus size={14} />}>
            New contact
          </Button>
          <Button size={size}>Secondary</Button>
          <Button size={size} variant="ghost">
            Ghost
          </Button>
          <Button size={size} variant="danger">
            Delete
          </Button>
        </span>
      ))}
      <Button disabled>Disabled</Button>
      <Button variant="primary" pending>
        Saving
      </Button>
      <LinkButton to="/">Link</LinkButton>
      <IconButton label="Edit" shortcut="e">
        <Pencil size={15} />
      </IconButton>
    </Part>
  );
}

function Words() {
  return (
    <Part title="Tags, faces, keys, waiting">
      {STAGES.map((stage) => (
        <StatusTag key={stage.value} label={stage.label} hue={stage.hue} />
      ))}
      <Badge>Grey</Badge>
      <Count>12</Count>
      {([16, 20, 24, 32] as const).map((size) => (
        <Avatar key={size} name={PEOPLE[size % 5]?.label ?? ""} size={size} square={size === 24} />
      ))}
      <Kbd keys="mod+k" />
      <Kbd keys="g c" />
      <Spinner />
      <span className="w-40">
        <ProgressBar value={0.4} label="Import" />
      </span>
      <span className="grid w-40 gap-2">
        <Skeleton className="h-3 w-full" />
        <Skeleton className="h-3 w-2/3" />
      </span>
    </Part>
  );
}

function Fields() {
  const [amount, setAmount] = useState<number | null>(1200);
  const [on, setOn] = useState(true);
  return (
    <Part title="Fields">
      <div className="grid w-full gap-5 desk:grid-cols-3">
        <Field label="Name" required hint="As on the invoice">
          {(wiring) => <Input {...wiring} defaultValue="Foundry Nine" />}
        </Field>
        <Field label="Email" error="This is no email address">
          {(wiring) => <Input {...wiring} defaultValue="ana@" />}
        </Field>
        <Field label="Find">
          {(wiring) => (
            <Input {...wiring} left={<Search size={14} />} placeholder="Filter by name" />
          )}
        </Field>
        <Field label="Amount">
          {(wiring) => <NumberInput {...wiring} value={amount} onChange={setAmount} left="EUR" />}
        </Field>
        <Field label="Password">
          {(wiring) => <PasswordInput {...wiring} defaultValue="secret" />}
        </Field>
        <Field label="Notes">
          {(wiring) => <Textarea {...wiring} autoGrow defaultValue="Called twice." />}
        </Field>
        <Input dense aria-label="Dense" placeholder="Dense" />
        <span className="grid gap-2">
          <Checkbox checked={on} onCheckedChange={setOn} label="Tell me by email" />
          <Checkbox checked={false} indeterminate onCheckedChange={setOn} label="Some" />
        </span>
        <Switch checked={on} onCheckedChange={setOn} label="Send reminders" />
      </div>
    </Part>
  );
}

function Choices() {
  const [stage, setStage] = useState<string | null>("qualified");
  const [owner, setOwner] = useState<string | null>("Ana Ruiz");
  const [people, setPeople] = useState<string[]>(["Ben Cole", "Dev Patel"]);
  const [view, setView] = useState("list");
  const [color, setColor] = useState<string | null>("#3b56cf");
  const [day, setDay] = useState<string | null>("2026-11-21");
  const [at, setAt] = useState<string | null>("2026-11-21T09:00:00.000Z");
  return (
    <Part title="Choices">
      <div className="grid w-full gap-5 desk:grid-cols-3">
        <Select aria-label="Stage" options={STAGES} value={stage} onChange={setStage} clearable />
        <Combobox
          aria-label="Owner"
          load={findPeople}
          known={PEOPLE}
          value={owner}
          onChange={setOwner}
          clearable
        />
        <Combobox
          aria-label="People"
          multiple
          options={PEOPLE}
          value={people}
          onChange={setPeople}
          onCreate={() => {}}
        />
        <DateInput aria-label="Day" value={day} onChange={setDay} />
        <DateTimeInput aria-label="Moment" value={at} onChange={setAt} />
        <ColorInput aria-label="Colour" value={color} onChange={setColor} />
        <Segmented
          label="Layout"
          value={view}
          onChange={setView}
          options={[
            { value: "list", label: "List" },
            { value: "board", label: "Board" },
          ]}
        />
      </div>
    </Part>
  );
}

const KINDS: ProblemKind[] = [
  "offline",
  "slow",
  "forbidden",
  "missing",
  "conflict",
  "invalid",
  "limited",
  "server",
];

function States() {
  const [tab, setTab] = useState("one");
  return (
    <Part title="Cards, tabs and faces">
      <div className="grid w-full gap-4 desk:grid-cols-3">
        <Card title="Won this month">
          <Figure
            label="Revenue"
            value="€48,200"
            delta={{ text: "+8.4%", good: true }}
            hint="against October"
          />
        </Card>
        <Card title="Tabs">
          <Tabs
            value={tab}
            onChange={setTab}
            tabs={[
              { value: "one", label: "Timeline", count: 3 },
              { value: "two", label: "Tasks" },
            ]}
          >
            <TabPanel value="one" className="pt-3">
              First
            </TabPanel>
            <TabPanel value="two" className="pt-3">
              Second
            </TabPanel>
          </Tabs>
        </Card>
        <Card>
          <EmptyState
            compact
            icon={Inbox}
            title="No emails yet"
            body="Connect a mailbox to see them here."
            action={<Button>Connect</Button>}
          />
        </Card>
        {KINDS.map((kind) => (
          <Card key={kind}>
            <ErrorState
              compact
              onRetry={() => {}}
              error={
                new Problem(kind, "The stage does not exist.", {
                  requestId: "01HZX4-9F2",
                  wait: kind === "limited" ? 45 : null,
                })
              }
            />
          </Card>
        ))}
      </div>
    </Part>
  );
}

function Gallery() {
  return (
    <main className="h-full overflow-y-auto bg-bg px-6 pb-20 phone:px-4">
      <h1 className="py-5 text-19 font-semibold">UI kit</h1>
      <Buttons />
      <Words />
      <Fields />
      <Choices />
      <Overlays />
      <States />
    </main>
  );
}

i18n.loadAndActivate({ locale: "en", messages: {} });
const wanted = new URLSearchParams(window.location.search).get("theme");
document.documentElement.dataset.theme = wanted === "dark" ? "dark" : "light";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <I18nProvider i18n={i18n}>
      <MemoryRouter>
        <Gallery />
        <ConfirmHost />
        <Toaster />
      </MemoryRouter>
    </I18nProvider>,
  );
}
