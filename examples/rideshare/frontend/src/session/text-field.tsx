import { useId, type HTMLInputAutoCompleteAttribute } from "react";

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  type?: "text" | "email" | "password";
  autoComplete: HTMLInputAutoCompleteAttribute;
  testId: string;
  hint?: string;
}

export function TextField({ label, value, onChange, error, type = "text", hint, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        autoComplete={rest.autoComplete}
        data-testid={rest.testId}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-note`} className={error ? "field-note field-error" : "field-note"}>
        {error ?? hint}
      </p>
    </div>
  );
}
