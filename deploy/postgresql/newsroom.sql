-- The role of the site and its database, once after initdb: by the official image (docker-entrypoint-initdb.d) and by
-- deploy.databases. The role owns its database and nothing else, but may make another one, in which a backup is tried
-- (manage.py restore --verify); the password comes from the file that
-- DATABASE_PASSWORD_FILE names, so that no list of processes shows it.

\set ON_ERROR_STOP on
\set password `cat "$DATABASE_PASSWORD_FILE"`

CREATE ROLE newsroom LOGIN NOSUPERUSER NOCREATEROLE CREATEDB PASSWORD :'password';
CREATE DATABASE newsroom OWNER newsroom ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE newsroom FROM PUBLIC;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
