/** What a deployment gives a release in one environment. A rollback restores release and binding. */
export interface Binding {
  services: Record<string, ServiceBinding>;
  sites: Record<string, { settings: Record<string, string> }>;
}

export interface ServiceBinding {
  instances: number;
  cpu: number;
  memoryMb: number;
  env: Record<string, string>;
  /** Name → version of the value. */
  secrets: Record<string, string>;
}
