import { useEffect, useRef, type ReactNode } from "react";

interface PageProps {
  title: string;
  children: ReactNode;
  /** The map and its panel use the whole width; text pages keep a readable line. */
  width?: "full" | "text";
  hideTitle?: boolean;
}

let firstPage = true;

export function Page({ title, children, width = "text", hideTitle = false }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Rideshare Stockholm`;
  }, [title]);

  useEffect(() => {
    // After a change of page the keyboard and the screen reader start at its top, as after a real load.
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);

  return (
    <main className={`page page-${width}`}>
      <h1 ref={heading} tabIndex={-1} className={hideTitle ? "visually-hidden" : undefined}>
        {title}
      </h1>
      {children}
    </main>
  );
}
