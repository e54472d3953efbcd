import { Link } from "./link.tsx";
import { Page } from "./page.tsx";

export function MissingPage() {
  return (
    <Page title="There is no such page">
      <p className="lead">The address may be mistyped, or the page has moved.</p>
      <p>
        <Link to="/">Go to the start</Link>
      </p>
    </Page>
  );
}
