/** The connection was closed by the other side, or by the relay: there is nobody to tell. */
export class Gone extends Error {
  override readonly name = "Gone";
}
