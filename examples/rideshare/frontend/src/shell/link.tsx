import type { MouseEvent, ReactNode } from "react";
import { navigate, usePath } from "./router.ts";

interface LinkProps {
  to: string;
  className?: string;
  children: ReactNode;
}

/** A real link (it can be opened in a new tab) that changes the page without loading it anew. */
export function Link({ to, className, children }: LinkProps) {
  const path = usePath();
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} className={className} aria-current={path === to ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}
