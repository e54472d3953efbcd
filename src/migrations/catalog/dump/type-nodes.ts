import { notMember } from "../sql/common.ts";

/**
 * Objects as statements that make them. Each part selects system catalog, oid, phase (the order where nothing else decides),
 * name, statements.
 */
export const TYPE_NODES = [
  `SELECT 'pg_namespace'::regclass, oid, 0, id, ARRAY[CASE id WHEN 'public' THEN 'CREATE SCHEMA IF NOT EXISTS public'
     ELSE 'CREATE SCHEMA ' || id END] FROM ns`,
  // A schema that belongs to an extension is made by it.
  `SELECT 'pg_extension'::regclass, e.oid, 1, quote_ident(extname), ARRAY[format('CREATE EXTENSION IF NOT EXISTS %I%s VERSION %L', extname,
     CASE WHEN extnamespace IN (SELECT oid FROM ns) OR nspname = 'pg_catalog' THEN ' SCHEMA ' || quote_ident(nspname) ELSE '' END, extversion)]
   FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'`,
  `SELECT 'pg_collation'::regclass, c.oid, 2, ns.id || '.' || quote_ident(collname), ARRAY[format('CREATE COLLATION %s.%I (%s)', ns.id, collname,
     concat_ws(', ', 'PROVIDER = ' || CASE collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' ELSE 'builtin' END,
       'LC_COLLATE = ' || quote_literal(CASE collprovider WHEN 'c' THEN collcollate END),
       'LC_CTYPE = ' || quote_literal(CASE collprovider WHEN 'c' THEN collctype END),
       'LOCALE = ' || quote_literal(coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale')),
       'RULES = ' || quote_literal(to_jsonb(c) ->> 'collicurules'),
       CASE WHEN NOT collisdeterministic THEN 'DETERMINISTIC = false' END))]
   FROM pg_collation c JOIN ns ON ns.oid = collnamespace WHERE ${notMember("pg_collation", "c.oid")}`,
  `SELECT 'pg_type'::regclass, oid, 2, id, ARRAY['CREATE TYPE ' || id || ' AS ENUM (' || coalesce((SELECT string_agg(quote_literal(enumlabel), ', '
     ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = typ.oid), '') || ')'] FROM typ WHERE typtype = 'e'`,
  `SELECT 'pg_type'::regclass, oid, 2, id, ARRAY['CREATE DOMAIN ' || id || ' AS ' || format_type(typbasetype, typtypmod)
     || CASE WHEN typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = typ.typbasetype)
          THEN ' COLLATE ' || typcollation::regcollation ELSE '' END
     || coalesce(' DEFAULT ' || coalesce(pg_get_expr(typdefaultbin, 0), quote_literal(typdefault)), '')
     || CASE WHEN typnotnull THEN ' NOT NULL' ELSE '' END] FROM typ WHERE typtype = 'd'`,
  `SELECT 'pg_type'::regclass, typ.oid, 2, typ.id, ARRAY['CREATE TYPE ' || typ.id || ' AS (' || coalesce((SELECT string_agg(quote_ident(attname)
       || ' ' || format_type(atttypid, atttypmod)
       || CASE WHEN attcollation <> t.typcollation THEN ' COLLATE ' || attcollation::regcollation ELSE '' END, ', ' ORDER BY attnum)
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE attrelid = typ.typrelid AND attnum > 0 AND NOT attisdropped), '') || ')'] FROM typ WHERE typtype = 'c'`,
  `SELECT 'pg_type'::regclass, typ.oid, 2, typ.id, ARRAY[format('CREATE TYPE %s AS RANGE (%s)', typ.id, concat_ws(', ',
     'SUBTYPE = ' || format_type(rngsubtype, NULL),
     'SUBTYPE_OPCLASS = ' || (SELECT format('%s.%I', opcnamespace::regnamespace, opcname) FROM pg_opclass o WHERE o.oid = rngsubopc),
     'COLLATION = ' || nullif(rngcollation, 0)::regcollation, 'SUBTYPE_DIFF = ' || nullif(rngsubdiff, 0)::regproc,
     'MULTIRANGE_TYPE_NAME = ' || rngmultitypid::regtype))]
   FROM typ JOIN pg_range r ON r.rngtypid = typ.oid`,
  `SELECT 'pg_constraint'::regclass, c.oid, 3, typ.id || '.' || quote_ident(conname),
     ARRAY[format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', typ.id, conname, pg_get_constraintdef(c.oid))]
   FROM pg_constraint c JOIN typ ON typ.oid = c.contypid WHERE contype <> 'n'`,
];
