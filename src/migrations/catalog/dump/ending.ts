/** Rights of one object after another: `what` is spoken of as GRANT speaks of it, `owner` by name. */
const grants = (what: string, owner: string, acl: string): string => `
  ARRAY[format('REVOKE ALL ON %s FROM PUBLIC', ${what}), format('REVOKE ALL ON %s FROM %s', ${what}, ${owner})]
  || ARRAY(SELECT format('GRANT %s ON %s TO %s%s', string_agg(privilege_type, ', ' ORDER BY privilege_type), ${what},
       CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
     FROM aclexplode(${acl}) GROUP BY grantee, is_grantable ORDER BY pg_get_userbyid(grantee)::text, is_grantable)`;

const GRANT_WORD = `CASE WHEN kind IN ('function', 'procedure', 'aggregate') THEN 'ROUTINE ' WHEN kind IN ('schema', 'type', 'sequence') THEN upper(kind) || ' ' ELSE 'TABLE ' END || id`;
const OWNER_WORD = `CASE WHEN kind IN ('function', 'procedure', 'aggregate') THEN 'ROUTINE' ELSE upper(kind) END`;
const OWNER = `quote_ident(pg_get_userbyid(owner))`;

/** The database is called something else where the script is run. */
const onDatabase = (statement: string): string =>
  `format('DO $do$ BEGIN EXECUTE replace(%L, ''<database>'', quote_ident(current_database())); END $do$', ${statement})`;

/** These settings are lists of names, quoted already. */
const SETTING = `format('SET %s TO %s', split_part(s, '=', 1), CASE WHEN split_part(s, '=', 1) IN ('search_path', 'temp_tablespaces',
  'session_preload_libraries', 'local_preload_libraries') THEN coalesce(nullif(substr(s, strpos(s, '=') + 1), ''), '''''')
  ELSE quote_literal(substr(s, strpos(s, '=') + 1)) END)`;

const DEFAULT_KIND = `CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
  WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END`;

/**
 * What is said of objects once all are there, in this order: who owns a sequence, owners, rights, comments, values of
 * sequences, and last what would act on all the rest. Each part selects statements.
 */
export const ENDING = [
  `SELECT ARRAY[format('ALTER SEQUENCE %s OWNED BY %s.%I', rel.id, refobjid::regclass, attname)]
   FROM rel JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = rel.oid AND d.deptype = 'a'
     AND d.refclassid = 'pg_class'::regclass JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
   WHERE rel.relkind = 'S' ORDER BY rel.id`,
  // A sequence that a table owns changes hands with it.
  `SELECT ARRAY[CASE kind WHEN 'database' THEN ${onDatabase(`'ALTER DATABASE <database> OWNER TO ' || ${OWNER}`)}
     ELSE format('ALTER %s %s OWNER TO %s', ${OWNER_WORD}, id, ${OWNER}) END] FROM owned o
   WHERE NOT (kind = 'sequence' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = o.oid
     AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))) ORDER BY kind, id`,
  `SELECT ${grants(GRANT_WORD, OWNER, "acl")} FROM owned WHERE acl IS NOT NULL AND kind <> 'database' ORDER BY kind, id`,
  `SELECT ARRAY(SELECT ${onDatabase("s")} FROM unnest(${grants("'DATABASE <database>'", OWNER, "acl")}) WITH ORDINALITY u(s, n) ORDER BY n)
   FROM owned WHERE acl IS NOT NULL AND kind = 'database'`,
  `SELECT ARRAY(SELECT format('GRANT %s (%I) ON TABLE %s TO %s%s', privilege_type, attname, rel.id,
     CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
     FROM aclexplode(attacl) ORDER BY 1)
   FROM rel JOIN pg_attribute ON attrelid = rel.oid WHERE attacl IS NOT NULL AND attnum > 0 AND NOT attisdropped ORDER BY rel.id, attnum`,
  // Those of a schema come on top; those of no schema stand in place of the usual ones.
  `SELECT CASE defaclnamespace WHEN 0 THEN ARRAY[format('%s REVOKE ALL ON %s FROM PUBLIC', head, what),
       format('%s REVOKE ALL ON %s FROM %I', head, what, pg_get_userbyid(defaclrole))] END
     || ARRAY(SELECT format('%s GRANT %s ON %s TO %s%s', head, string_agg(privilege_type, ', ' ORDER BY privilege_type), what,
          CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM aclexplode(defaclacl) GROUP BY grantee, is_grantable ORDER BY pg_get_userbyid(grantee)::text, is_grantable)
   FROM pg_default_acl, LATERAL (SELECT ${DEFAULT_KIND} AS what, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s', pg_get_userbyid(defaclrole),
     coalesce(' IN SCHEMA ' || nullif(defaclnamespace, 0)::regnamespace, '')) AS head) l ORDER BY head, what`,
  `SELECT ARRAY(SELECT ${onDatabase(`coalesce(format('ALTER ROLE %I IN DATABASE <database> ', rolname), 'ALTER DATABASE <database> ') || ${SETTING}`)}
     FROM unnest(setconfig) s) FROM pg_db_role_setting LEFT JOIN pg_roles r ON r.oid = setrole
   WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY rolname`,
  `SELECT ARRAY[format('COMMENT ON %s IS %L', CASE WHEN i.type LIKE '% column' THEN 'COLUMN ' || i.identity
       WHEN i.type = 'table constraint' THEN 'CONSTRAINT ' || i.identity
       WHEN i.type = 'domain constraint' THEN 'CONSTRAINT ' || regexp_replace(i.identity, '^(.*) on ', '\\1 ON DOMAIN ')
       WHEN i.type IN ('function', 'procedure', 'aggregate') THEN 'ROUTINE ' || i.identity
       WHEN i.type = 'statistics object' THEN 'STATISTICS ' || i.identity ELSE upper(i.type) || ' ' || i.identity END, description)]
   FROM pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
   WHERE (d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND d.objoid IN (SELECT oid FROM ns)))
     AND NOT EXISTS (SELECT FROM members m WHERE m.classid = d.classoid AND m.objid = d.objoid)
     AND d.classoid NOT IN ('pg_extension'::regclass, 'pg_event_trigger'::regclass) AND i.identity IS NOT NULL ORDER BY i.type, i.identity`,
  `SELECT ARRAY['COMMENT ON SCHEMA public IS NULL'] FROM ns WHERE id = 'public' AND obj_description(oid, 'pg_namespace') IS NULL`,
  `SELECT ARRAY[format('SELECT pg_catalog.setval(%L, ', rel.id) || CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT')
     THEN pg_sequence_last_value(s.seqrelid) END || ')'] FROM rel JOIN pg_sequence s ON s.seqrelid = rel.oid ORDER BY rel.id`,
  `SELECT ARRAY[format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s', evtname, evtevent,
       coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(t), ', ') FROM unnest(evttags) t) || ')', ''), evtfoid::regprocedure),
     CASE evtenabled WHEN 'D' THEN format('ALTER EVENT TRIGGER %I DISABLE', evtname) WHEN 'R' THEN format('ALTER EVENT TRIGGER %I ENABLE REPLICA', evtname)
       WHEN 'A' THEN format('ALTER EVENT TRIGGER %I ENABLE ALWAYS', evtname) END,
     format('COMMENT ON EVENT TRIGGER %I IS %L', evtname, obj_description(e.oid, 'pg_event_trigger'))]
   FROM pg_event_trigger e WHERE NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_event_trigger'::regclass AND m.objid = e.oid) ORDER BY evtname`,
];
