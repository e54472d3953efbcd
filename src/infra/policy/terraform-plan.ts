/** What is read of `terraform show -json PLAN`: https://developer.hashicorp.com/terraform/internals/json-format */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface PlanResource {
  address: string;
  mode: string;
  type: string;
  name: string;
  index?: string | number;
  values?: JsonObject;
  sensitive_values?: Json;
}

export interface PlanModule {
  address?: string;
  resources?: PlanResource[];
  child_modules?: PlanModule[];
}

export interface PlanChange {
  address: string;
  mode?: string;
  change: { actions: string[]; after_unknown?: Json };
}

/** An attribute's expression has `references` or `constant_value`; a block's is an object, or a list of objects. */
export type Expressions = { [attribute: string]: Json };

export interface ConfigurationResource {
  address: string;
  mode?: string;
  type: string;
  name: string;
  expressions?: Expressions;
  for_each_expression?: Json;
}

export interface ConfigurationModule {
  resources?: ConfigurationResource[];
  outputs?: { [name: string]: { expression?: Json } };
  module_calls?: {
    [name: string]: { expressions?: Expressions; for_each_expression?: Json; module?: ConfigurationModule };
  };
}

export interface PolicyPlan {
  variables?: { [name: string]: { value?: Json } };
  planned_values: { root_module: PlanModule };
  prior_state?: { values?: { root_module?: PlanModule } };
  resource_changes?: PlanChange[];
  configuration: { root_module: ConfigurationModule };
}
