import { useId, type ChangeEvent } from "react";
import { ApiError } from "../api/api-error.ts";
import { useSession } from "../session/session.tsx";
import { Notice } from "../shell/notice.tsx";
import { useAction } from "../shell/use-action.ts";

interface DocumentUploadProps {
  kind: "photo" | "licence";
  label: string;
  note: string;
  onUploaded: () => void;
}

const accepted = ["image/jpeg", "image/png", "image/webp"];
const largestBytes = 5 * 1024 * 1024;

export function DocumentUpload({ kind, label, note, onUploaded }: DocumentUploadProps) {
  const id = useId();
  const { api } = useSession();
  const { pending, error, run } = useAction();
  const upload = (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target;
    const file = input.files?.[0];
    if (!file) return;
    void run(async () => {
      // Cleared in any case, so that choosing the same file again is a change again.
      input.value = "";
      if (file.size > largestBytes) throw new ApiError("TOO_LARGE", "more than 5 MB", 413);
      await api.uploadDocument(kind, file);
      onUploaded();
    });
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        accept={accepted.join()}
        data-testid={`upload-${kind}`}
        disabled={pending}
        aria-describedby={`${id}-note`}
        onChange={upload}
      />
      <p id={`${id}-note`} className="field-note" role="status">
        {pending ? "Sending…" : note}
      </p>
      {error && <Notice tone="error">{error}</Notice>}
    </div>
  );
}
