import { useRef, useState, type FormEvent } from "react";
import { flushSync } from "react-dom";
import { Notice } from "../shell/notice.tsx";
import { useAction } from "../shell/use-action.ts";
import { register, signIn, type Registration } from "./entry.ts";
import { useSession } from "./session.tsx";
import { TextField } from "./text-field.tsx";
import { validate, type EntryMode, type FieldErrors } from "./validate.ts";

const emptyForm: Registration = { name: "", email: "", password: "", vehicle: "", plate: "" };

const submitLabel: Record<EntryMode, string> = {
  "sign-in": "Sign in",
  rider: "Create rider account",
  driver: "Create driver account",
};

/** Signs in or registers, by `mode`; what was typed survives a change of mode. */
export function EntryForm({ mode }: { mode: EntryMode }) {
  const { start } = useSession();
  const [form, setForm] = useState(emptyForm);
  const [errors, setErrors] = useState<FieldErrors>({});
  const { pending, error, run } = useAction();
  const element = useRef<HTMLFormElement>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = validate(mode, form);
    flushSync(() => setErrors(found));
    if (Object.keys(found).length > 0) {
      element.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
      return;
    }
    const email = form.email.trim();
    void run(async () =>
      start(
        await (mode === "sign-in"
          ? signIn({ email, password: form.password })
          : register(mode, { ...form, email })),
      ),
    );
  };

  const field = (name: keyof Registration) => ({
    value: form[name],
    error: errors[name],
    testId: name,
    onChange: (value: string) => {
      setForm((now) => ({ ...now, [name]: value }));
      setErrors(({ [name]: _mended, ...others }) => others);
    },
  });

  const isNew = mode !== "sign-in";
  return (
    <form ref={element} className="form" noValidate onSubmit={submit}>
      {isNew && <TextField label="Name" autoComplete="name" {...field("name")} />}
      <TextField label="Email" type="email" autoComplete="username" {...field("email")} />
      <TextField
        label="Password"
        type="password"
        autoComplete={isNew ? "new-password" : "current-password"}
        {...(isNew && { hint: "At least 8 characters." })}
        {...field("password")}
      />
      {mode === "driver" && (
        <>
          <TextField
            label="Car"
            autoComplete="off"
            hint="Make and colour, like Volvo V60, blue."
            {...field("vehicle")}
          />
          <TextField label="Registration plate" autoComplete="off" {...field("plate")} />
        </>
      )}
      {error && <Notice tone="error">{error}</Notice>}
      <button type="submit" className="button" data-testid="sign-in" disabled={pending}>
        {submitLabel[mode]}
      </button>
    </form>
  );
}
