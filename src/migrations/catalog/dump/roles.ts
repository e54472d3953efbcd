/** Names of the roles that own something, are granted something, or are spoken of by a policy or a setting. */
export const ROLES = `SELECT DISTINCT rolname::text AS name FROM pg_roles WHERE rolname !~ '^pg_' AND oid IN (
  SELECT owner FROM owned
  UNION SELECT grantee FROM owned, aclexplode(acl)
  UNION SELECT grantee FROM rel JOIN pg_attribute ON attrelid = rel.oid, aclexplode(attacl)
  UNION SELECT unnest(polroles) FROM pg_policy JOIN rel ON rel.oid = polrelid
  UNION SELECT defaclrole FROM pg_default_acl UNION SELECT grantee FROM pg_default_acl, aclexplode(defaclacl)
  UNION SELECT setrole FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
ORDER BY 1`;

/** $1 names. Roles are the whole server's, so they may be there already. */
export const MAKE_ROLES = `
SELECT format('DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %L) THEN CREATE ROLE %I %s; END IF; END $do$', rolname, rolname,
  concat_ws(' ', 'NOLOGIN', CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN NOT rolinherit THEN 'NOINHERIT' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END)) AS statement
FROM pg_roles WHERE rolname = ANY ($1)
UNION ALL
SELECT format('GRANT %I TO %I%s', r.rolname, m.rolname, CASE WHEN bool_or(admin_option) THEN ' WITH ADMIN OPTION' ELSE '' END)
FROM pg_auth_members JOIN pg_roles m ON m.oid = member JOIN pg_roles r ON r.oid = roleid
WHERE m.rolname = ANY ($1) AND r.rolname = ANY ($1) GROUP BY r.rolname, m.rolname`;
