// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.sql.ResultSet;

/// What a database may have and Varve has not: procedures, foreign keys, privileges on columns, and
/// more. The answers have the columns that JDBC names and no rows.
abstract class Absences extends Limits {
  private static ResultSet noRows(String columns) {
    return new MetaTable(columns.split(" ")).toResultSet();
  }

  @Override
  public ResultSet getProcedures(String catalog, String schemaPattern, String namePattern) {
    return noRows(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 "
            + "RESERVED3 REMARKS PROCEDURE_TYPE# SPECIFIC_NAME");
  }

  @Override
  public ResultSet getProcedureColumns(
      String catalog, String schemaPattern, String namePattern, String columnPattern) {
    return noRows(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE# "
            + "DATA_TYPE# TYPE_NAME PRECISION# LENGTH# SCALE# RADIX# NULLABLE# "
            + "REMARKS COLUMN_DEF SQL_DATA_TYPE# SQL_DATETIME_SUB# "
            + "CHAR_OCTET_LENGTH# ORDINAL_POSITION# IS_NULLABLE SPECIFIC_NAME");
  }

  @Override
  public ResultSet getColumnPrivileges(
      String catalog, String schema, String table, String columnPattern) {
    return noRows(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME GRANTOR GRANTEE " + "PRIVILEGE IS_GRANTABLE");
  }

  @Override
  public ResultSet getTablePrivileges(String catalog, String schemaPattern, String tablePattern) {
    return noRows("TABLE_CAT TABLE_SCHEM TABLE_NAME GRANTOR GRANTEE PRIVILEGE " + "IS_GRANTABLE");
  }

  @Override
  public ResultSet getVersionColumns(String catalog, String schema, String table) {
    return noRows(
        "SCOPE# COLUMN_NAME DATA_TYPE# TYPE_NAME COLUMN_SIZE# BUFFER_LENGTH# "
            + "DECIMAL_DIGITS# PSEUDO_COLUMN#");
  }

  @Override
  public ResultSet getImportedKeys(String catalog, String schema, String table) {
    return noRows(
        "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT "
            + "FKTABLE_SCHEM FKTABLE_NAME FKCOLUMN_NAME KEY_SEQ# UPDATE_RULE# "
            + "DELETE_RULE# FK_NAME PK_NAME DEFERRABILITY#");
  }

  @Override
  public ResultSet getExportedKeys(String catalog, String schema, String table) {
    return noRows(
        "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT "
            + "FKTABLE_SCHEM FKTABLE_NAME FKCOLUMN_NAME KEY_SEQ# UPDATE_RULE# "
            + "DELETE_RULE# FK_NAME PK_NAME DEFERRABILITY#");
  }

  @Override
  public ResultSet getCrossReference(
      String parentCatalog,
      String parentSchema,
      String parentTable,
      String catalog,
      String schema,
      String table) {
    return noRows(
        "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT "
            + "FKTABLE_SCHEM FKTABLE_NAME FKCOLUMN_NAME KEY_SEQ# UPDATE_RULE# "
            + "DELETE_RULE# FK_NAME PK_NAME DEFERRABILITY#");
  }

  @Override
  public ResultSet getIndexInfo(
      String catalog, String schema, String table, boolean unique, boolean approximate) {
    return noRows(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME NON_UNIQUE? INDEX_QUALIFIER "
            + "INDEX_NAME TYPE# ORDINAL_POSITION# COLUMN_NAME ASC_OR_DESC "
            + "CARDINALITY# PAGES# FILTER_CONDITION");
  }

  @Override
  public ResultSet getUDTs(String catalog, String schemaPattern, String namePattern, int[] types) {
    return noRows("TYPE_CAT TYPE_SCHEM TYPE_NAME CLASS_NAME DATA_TYPE# REMARKS " + "BASE_TYPE#");
  }

  @Override
  public ResultSet getSuperTypes(String catalog, String schemaPattern, String namePattern) {
    return noRows(
        "TYPE_CAT TYPE_SCHEM TYPE_NAME SUPERTYPE_CAT SUPERTYPE_SCHEM " + "SUPERTYPE_NAME");
  }

  @Override
  public ResultSet getSuperTables(String catalog, String schemaPattern, String namePattern) {
    return noRows("TABLE_CAT TABLE_SCHEM TABLE_NAME SUPERTABLE_NAME");
  }

  @Override
  public ResultSet getAttributes(
      String catalog, String schemaPattern, String typePattern, String attributePattern) {
    return noRows(
        "TYPE_CAT TYPE_SCHEM TYPE_NAME ATTR_NAME DATA_TYPE# ATTR_TYPE_NAME "
            + "ATTR_SIZE# DECIMAL_DIGITS# NUM_PREC_RADIX# NULLABLE# REMARKS ATTR_DEF "
            + "SQL_DATA_TYPE# SQL_DATETIME_SUB# CHAR_OCTET_LENGTH# ORDINAL_POSITION# "
            + "IS_NULLABLE SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE#");
  }

  @Override
  public ResultSet getFunctionColumns(
      String catalog, String schemaPattern, String functionPattern, String columnPattern) {
    return noRows(
        "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME COLUMN_NAME COLUMN_TYPE# "
            + "DATA_TYPE# TYPE_NAME PRECISION# LENGTH# SCALE# RADIX# NULLABLE# "
            + "REMARKS CHAR_OCTET_LENGTH# ORDINAL_POSITION# IS_NULLABLE "
            + "SPECIFIC_NAME");
  }

  @Override
  public ResultSet getPseudoColumns(
      String catalog, String schemaPattern, String tablePattern, String columnPattern) {
    return noRows(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE# COLUMN_SIZE# "
            + "DECIMAL_DIGITS# NUM_PREC_RADIX# COLUMN_USAGE REMARKS "
            + "CHAR_OCTET_LENGTH# IS_NULLABLE");
  }
}
