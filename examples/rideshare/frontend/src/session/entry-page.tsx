import { useState } from "react";
import { Notice } from "../shell/notice.tsx";
import { Page } from "../shell/page.tsx";
import { DemoButtons } from "./demo-buttons.tsx";
import { EntryForm } from "./entry-form.tsx";
import { useSession } from "./session.tsx";
import type { EntryMode } from "./validate.ts";

const modes: readonly { mode: EntryMode; label: string }[] = [
  { mode: "sign-in", label: "Sign in" },
  { mode: "rider", label: "New rider" },
  { mode: "driver", label: "New driver" },
];

export function EntryPage() {
  const { farewell } = useSession();
  const [mode, setMode] = useState<EntryMode>("sign-in");
  return (
    <Page title="A ride across Stockholm">
      <p className="lead">Choose where from and where to, see the fare, and follow your driver on the map.</p>
      {farewell && <Notice tone="info">{farewell}</Notice>}
      <div className="card">
        <div className="choice" role="group" aria-label="What would you like to do?">
          {modes.map((entry) => (
            <button
              key={entry.mode}
              type="button"
              aria-pressed={mode === entry.mode}
              data-testid={`mode-${entry.mode}`}
              onClick={() => setMode(entry.mode)}
            >
              {entry.label}
            </button>
          ))}
        </div>
        <EntryForm mode={mode} />
      </div>
      <DemoButtons />
    </Page>
  );
}
