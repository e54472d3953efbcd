interface FailureProps {
  reason: string;
  onRetry: () => void;
}

export function Failure({ reason, onRetry }: FailureProps) {
  return (
    <div className="notice notice-error" role="alert">
      <p>{reason}</p>
      <button type="button" className="button-quiet" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
