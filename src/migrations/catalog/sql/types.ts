import { notMember } from "./common.ts";

/** Schemas, extensions and types. Each part selects kind, identity, definition. */
export const TYPE_PARTS = [
  `SELECT 'schema', key, 'schema' FROM ns`,
  `SELECT 'extension', extname, format('%s in %I', extversion, nspname)
   FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace`,
  `SELECT 'type', typ.key, 'enum (' || (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
     FROM pg_enum WHERE enumtypid = typ.oid) || ')' FROM typ WHERE typtype = 'e'`,
  `SELECT 'type', typ.key, 'domain ' || format_type(typbasetype, typtypmod)
     || CASE WHEN typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = typ.typbasetype)
          THEN ' collate ' || typcollation::regcollation ELSE '' END
     || coalesce(' default ' || coalesce(pg_get_expr(typdefaultbin, 0), quote_literal(typdefault)), '')
     || CASE WHEN typnotnull THEN ' not null' ELSE '' END
   FROM typ WHERE typtype = 'd'`,
  `SELECT 'type', typ.key, 'composite (' || coalesce((SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod)
       || CASE WHEN attcollation <> t.typcollation THEN ' collate ' || attcollation::regcollation ELSE '' END, ', ' ORDER BY attnum)
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE attrelid = typ.typrelid AND attnum > 0 AND NOT attisdropped), '') || ')' FROM typ WHERE typtype = 'c'`,
  `SELECT 'type', typ.key, format('range (subtype %s, opclass %s, collation %s, canonical %s, subtype_diff %s, multirange %s)',
     rngsubtype::regtype, (SELECT opcname FROM pg_opclass o WHERE o.oid = rngsubopc),
     CASE WHEN rngcollation = 0 THEN '-' ELSE rngcollation::regcollation::text END, rngcanonical::regproc, rngsubdiff::regproc,
     rngmultitypid::regtype)
   FROM typ JOIN pg_range r ON r.rngtypid = typ.oid`,
  `SELECT 'type', typ.key, CASE WHEN typisdefined THEN format('base (input %s, output %s, length %s, align %s, storage %s)',
     typinput::regproc, typoutput::regproc, typlen, typalign, typstorage) ELSE 'shell' END
   FROM typ WHERE typtype IN ('b', 'p')`,
  `SELECT 'constraint', typ.key || '.' || conname, pg_get_constraintdef(c.oid)
   FROM pg_constraint c JOIN typ ON typ.oid = c.contypid WHERE contype <> 'n'`,
  // The names of the locale's columns differ from version to version.
  `SELECT 'collation', ns.key || '.' || collname,
     (to_jsonb(c) - '{oid,collname,collnamespace,collowner,collversion}'::text[])::text
   FROM pg_collation c JOIN ns ON ns.oid = collnamespace WHERE ${notMember("pg_collation", "c.oid")}`,
];
