# POSTGRESQL_BIN: where the newest PostgreSQL server that is installed has its programs; empty if there is none.
file(GLOB POSTGRESQL_BIN /usr/lib/postgresql/*/bin)
if(POSTGRESQL_BIN)
  list(SORT POSTGRESQL_BIN COMPARE NATURAL ORDER DESCENDING)
  list(GET POSTGRESQL_BIN 0 POSTGRESQL_BIN)
endif()
