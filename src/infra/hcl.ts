/** Text as HCL writes it: quoted, and with nothing that Terraform would evaluate. */
export const hclText = (text: string): string =>
  JSON.stringify(text).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
