import { notMember } from "../sql/common.ts";
import { AGGREGATE, OPERATOR, OPERATOR_ID, OWN_CAST, POLICY } from "../sql/routines.ts";

/** Whether a trigger or rule fires: as ALTER TABLE says it. */
const enabled = (
  column: string,
  what: string,
): string => `CASE ${column} WHEN 'D' THEN 'DISABLE ${what}' WHEN 'R' THEN 'ENABLE REPLICA ${what}'
  WHEN 'A' THEN 'ENABLE ALWAYS ${what}' END`;

const PUBLICATION = `'CREATE PUBLICATION ' || quote_ident(pubname) || coalesce(' FOR ' || nullif(concat_ws(', ',
    CASE WHEN puballtables THEN 'ALL TABLES' END,
    (SELECT string_agg('TABLE ONLY ' || prrelid::regclass || coalesce(' (' || (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = prrelid AND attnum = ANY (prattrs)) || ')', '')
      || coalesce(' WHERE (' || pg_get_expr(prqual, prrelid) || ')', ''), ', ') FROM pg_publication_rel WHERE prpubid = p.oid),
    (SELECT string_agg('TABLES IN SCHEMA ' || pnnspid::regnamespace, ', ') FROM pg_publication_namespace WHERE pnpubid = p.oid)), ''), '')
  || format(' WITH (publish = %L, publish_via_partition_root = %s%s)', concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END,
    CASE WHEN pubupdate THEN 'update' END, CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END), pubviaroot::text,
    CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN ', publish_generated_columns = stored' ELSE '' END)`;

/** See TYPE_NODES. */
export const ROUTINE_NODES = [
  `SELECT 'pg_proc'::regclass, oid, 4, id, ARRAY[pg_get_functiondef(oid)] FROM proc WHERE prokind <> 'a'`,
  `SELECT 'pg_proc'::regclass, oid, 4, id, ARRAY[${AGGREGATE}] FROM proc JOIN pg_aggregate a ON a.aggfnoid = proc.oid`,
  `SELECT 'pg_operator'::regclass, o.oid, 4, ${OPERATOR_ID}, ARRAY[${OPERATOR}] FROM pg_operator o JOIN ns ON ns.oid = o.oprnamespace
   WHERE o.oprcode <> 0 AND ${notMember("pg_operator", "o.oid")}`,
  `SELECT 'pg_cast'::regclass, c.oid, 4, c.oid::text, ARRAY[format('CREATE CAST (%s AS %s) %s%s', format_type(castsource, NULL),
     format_type(casttarget, NULL), CASE castmethod WHEN 'f' THEN 'WITH FUNCTION ' || castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT'
       ELSE 'WITHOUT FUNCTION' END, CASE castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END)]
   FROM pg_cast c WHERE ${OWN_CAST}`,
  `SELECT 'pg_ts_dict'::regclass, d.oid, 4, quote_ident(dictname), ARRAY[format('CREATE TEXT SEARCH DICTIONARY %s.%I (TEMPLATE = %s.%I%s)', ns.id,
     dictname, tmplnamespace::regnamespace, tmplname, coalesce(', ' || dictinitoption, ''))]
   FROM pg_ts_dict d JOIN ns ON ns.oid = dictnamespace JOIN pg_ts_template t ON t.oid = dicttemplate WHERE ${notMember("pg_ts_dict", "d.oid")}`,
  `SELECT 'pg_ts_config'::regclass, c.oid, 4, quote_ident(cfgname), ARRAY[format('CREATE TEXT SEARCH CONFIGURATION %s.%I (PARSER = %s.%I)', ns.id,
     cfgname, prsnamespace::regnamespace, prsname)] || ARRAY(SELECT format('ALTER TEXT SEARCH CONFIGURATION %s.%I ADD MAPPING FOR %s WITH %s',
       ns.id, cfgname, (SELECT alias FROM ts_token_type(cfgparser) WHERE tokid = maptokentype),
       string_agg(mapdict::regdictionary::text, ', ' ORDER BY mapseqno)) FROM pg_ts_config_map WHERE mapcfg = c.oid GROUP BY maptokentype ORDER BY maptokentype)
   FROM pg_ts_config c JOIN ns ON ns.oid = cfgnamespace JOIN pg_ts_parser p ON p.oid = cfgparser WHERE ${notMember("pg_ts_config", "c.oid")}`,
  `SELECT 'pg_trigger'::regclass, t.oid, 12, rel.id || '.' || quote_ident(tgname), ARRAY[pg_get_triggerdef(t.oid),
     'ALTER TABLE ' || rel.id || ' ' || e || ' ' || quote_ident(tgname)]
   FROM rel JOIN pg_trigger t ON t.tgrelid = rel.oid, LATERAL (SELECT ${enabled("tgenabled", "TRIGGER")}) l(e)
   WHERE NOT tgisinternal AND tgparentid = 0`,
  `SELECT 'pg_rewrite'::regclass, r.oid, 12, rel.id || '.' || quote_ident(rulename), ARRAY[rtrim(pg_get_ruledef(r.oid), ';'),
     'ALTER TABLE ' || rel.id || ' ' || e || ' ' || quote_ident(rulename)]
   FROM rel JOIN pg_rewrite r ON r.ev_class = rel.oid, LATERAL (SELECT ${enabled("ev_enabled", "RULE")}) l(e) WHERE rulename <> '_RETURN'`,
  `SELECT 'pg_policy'::regclass, p.oid, 12, rel.id || '.' || quote_ident(polname), ARRAY[${POLICY}]
   FROM rel JOIN pg_policy p ON polrelid = rel.oid`,
  `SELECT 'pg_publication'::regclass, p.oid, 13, quote_ident(pubname), ARRAY[${PUBLICATION}] FROM pg_publication p`,
];
