import type { Receipt, ReceiptParty } from "../api/contract.ts";
import { formatDay, formatDistance, formatMoney, formatTime } from "../shell/format.ts";

export function ReceiptView({ receipt }: { receipt: Receipt }) {
  const { lines, totalCents, currency, issuedAt, from, to, distanceM, driver } = receipt;
  return (
    <section className="receipt" aria-label="Receipt">
      <h2>Receipt</h2>
      <p>
        {nameOf(from)} to {nameOf(to)}, {formatDistance(distanceM)}, with {nameOf(driver)}
      </p>
      <table>
        <tbody>
          {lines.map(({ label, amountCents }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{formatMoney(amountCents, currency)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td data-testid="receipt-total">{formatMoney(totalCents, currency)}</td>
          </tr>
        </tfoot>
      </table>
      <p className="quiet">
        Issued {formatDay(issuedAt)} at {formatTime(issuedAt)}
      </p>
    </section>
  );
}

function nameOf(party: ReceiptParty): string {
  if (typeof party === "string") return party;
  if (!party) return "unknown";
  return party.name ?? party.label ?? `${party.lat?.toFixed(4)}, ${party.lng?.toFixed(4)}`;
}
