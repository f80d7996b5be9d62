// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.SqlType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is in the engine, as JDBC asks for it. Every method answers; where Varve has no such thing
/// (procedures, foreign keys, privileges) the answer has the right columns and no rows.
final class VarveDatabaseMetaData extends Absences {
  private static final List<String> TABLE_TYPES = List.of("SYSTEM TABLE", "TABLE", "VIEW");

  /// Rules that leave one row of each sorting key, so that the key identifies a row.
  private static final Set<String> UNIQUE_ENGINES =
      Set.of(
          "ReplacingMergeTree",
          "CollapsingMergeTree",
          "VersionedCollapsingMergeTree",
          "SummingMergeTree",
          "AggregatingMergeTree");

  private final VarveConnection connection;
  private final SystemTables system;

  VarveDatabaseMetaData(VarveConnection connection) {
    this.connection = connection;
    this.system = new SystemTables(connection);
  }

  /// There are no catalogs: only those who ask for none, or do not care, can mean a table of ours.
  private static boolean isCatalog(String catalog) {
    return catalog == null || catalog.isEmpty();
  }

  private static String text(Map<String, String> row, String column) {
    String value = row.get(column);
    return value == null ? "" : value;
  }

  private static String tableType(Map<String, String> row) {
    String database = text(row, "database");
    if (database.equals("system") || database.equalsIgnoreCase("information_schema")) {
      return "SYSTEM TABLE";
    }
    return text(row, "engine").endsWith("View") ? "VIEW" : "TABLE";
  }

  private List<Map<String, String>> tables(String schemaPattern, String tablePattern)
      throws SQLException {
    NamePattern schema = new NamePattern(schemaPattern);
    NamePattern table = new NamePattern(tablePattern);
    return system.rows("tables", SystemTables.exactly("database", schema, "name", table)).stream()
        .filter(row -> schema.fits(text(row, "database")) && table.fits(text(row, "name")))
        .toList();
  }

  @Override
  public ResultSet getTables(
      String catalog, String schemaPattern, String tablePattern, String[] types)
      throws SQLException {
    MetaTable tables =
        new MetaTable(
            "TABLE_CAT",
            "TABLE_SCHEM",
            "TABLE_NAME",
            "TABLE_TYPE",
            "REMARKS",
            "TYPE_CAT",
            "TYPE_SCHEM",
            "TYPE_NAME",
            "SELF_REFERENCING_COL_NAME",
            "REF_GENERATION");
    Collection<String> wanted = types == null ? TABLE_TYPES : Arrays.asList(types);
    if (isCatalog(catalog)) {
      for (Map<String, String> row : tables(schemaPattern, tablePattern)) {
        String type = tableType(row);
        if (wanted.contains(type)) {
          String schema = text(row, "database");
          String comment = text(row, "comment");
          tables.add(null, schema, text(row, "name"), type, comment, null, null, null, null, null);
        }
      }
    }
    return tables.sortedBy(3, 1, 2).toResultSet();
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return getSchemas(null, null);
  }

  @Override
  public ResultSet getSchemas(String catalog, String schemaPattern) throws SQLException {
    MetaTable schemas = new MetaTable("TABLE_SCHEM", "TABLE_CATALOG");
    NamePattern pattern = new NamePattern(schemaPattern);
    if (isCatalog(catalog)) {
      Set<String> names = new TreeSet<>();
      for (Map<String, String> row : system.rows("databases", Map.of())) {
        names.add(text(row, "name"));
      }
      names.stream().filter(pattern::fits).forEach(name -> schemas.add(name, null));
    }
    return schemas.toResultSet();
  }

  @Override
  public ResultSet getCatalogs() {
    return new MetaTable("TABLE_CAT").toResultSet();
  }

  @Override
  public ResultSet getTableTypes() {
    MetaTable types = new MetaTable("TABLE_TYPE");
    TABLE_TYPES.forEach(types::add);
    return types.toResultSet();
  }

  @Override
  public ResultSet getColumns(
      String catalog, String schemaPattern, String tablePattern, String columnPattern)
      throws SQLException {
    MetaTable columns = new MetaTable(MetaColumns.NAMES);
    if (isCatalog(catalog)) {
      NamePattern schema = new NamePattern(schemaPattern);
      NamePattern table = new NamePattern(tablePattern);
      NamePattern column = new NamePattern(columnPattern);
      Map<String, String> exact = SystemTables.exactly("database", schema, "table", table);
      for (Map<String, String> row : system.rows("columns", exact)) {
        if (schema.fits(text(row, "database"))
            && table.fits(text(row, "table"))
            && column.fits(text(row, "name"))) {
          columns.add(MetaColumns.of(row));
        }
      }
    }
    return columns.sortedBy(1, 2, 16).toResultSet();
  }

  @Override
  public ResultSet getPrimaryKeys(String catalog, String schema, String table) throws SQLException {
    MetaTable keys =
        new MetaTable(
            "TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "KEY_SEQ#", "PK_NAME");
    if (isCatalog(catalog) && table != null) {
      for (Map<String, String> row : system.rows("tables", Map.of("name", table))) {
        String database = text(row, "database");
        if (schema == null || schema.isEmpty() || schema.equals(database)) {
          List<String> columns = uniqueKey(row);
          for (int i = 0; i < columns.size(); i++) {
            keys.add(null, database, table, columns.get(i), i + 1, null);
          }
        }
      }
    }
    return keys.sortedBy(3).toResultSet();
  }

  /// The columns of the sorting key where it identifies a row, else none. An expression in the key
  /// is no column, so then there is no key that JDBC could name.
  private static List<String> uniqueKey(Map<String, String> row) {
    if (!UNIQUE_ENGINES.contains(text(row, "engine"))) {
      return List.of();
    }
    List<String> columns =
        Arrays.stream(text(row, "sorting_key").split(","))
            .map(String::strip)
            .map(name -> name.replaceAll("^[`\"]|[`\"]$", ""))
            .toList();
    boolean plain = columns.stream().allMatch(name -> name.matches("[\\p{L}_][\\p{L}\\p{N}_$ ]*"));
    return plain ? columns : List.of();
  }

  @Override
  public ResultSet getBestRowIdentifier(
      String catalog, String schema, String table, int scope, boolean nullable)
      throws SQLException {
    MetaTable best =
        new MetaTable(
            "SCOPE#",
            "COLUMN_NAME",
            "DATA_TYPE#",
            "TYPE_NAME",
            "COLUMN_SIZE#",
            "BUFFER_LENGTH#",
            "DECIMAL_DIGITS#",
            "PSEUDO_COLUMN#");
    try (ResultSet keys = getPrimaryKeys(catalog, schema, table)) {
      while (keys.next()) {
        String column = keys.getString("COLUMN_NAME");
        Map<String, String> where =
            new TreeMap<>(
                Map.of("database", keys.getString("TABLE_SCHEM"), "table", table, "name", column));
        for (Map<String, String> row : system.rows("columns", where)) {
          SqlType type = MetaColumns.type(text(row, "type"));
          best.add(
              bestRowSession,
              column,
              JdbcTypes.code(type),
              type.name(),
              JdbcTypes.precision(type),
              0,
              JdbcTypes.scale(type),
              bestRowNotPseudo);
        }
      }
    }
    return best.toResultSet();
  }

  @Override
  public ResultSet getTypeInfo() {
    return MetaShapes.typeInfo();
  }

  @Override
  public ResultSet getFunctions(String catalog, String schemaPattern, String functionPattern)
      throws SQLException {
    MetaTable functions =
        new MetaTable(
            "FUNCTION_CAT",
            "FUNCTION_SCHEM",
            "FUNCTION_NAME",
            "REMARKS",
            "FUNCTION_TYPE#",
            "SPECIFIC_NAME");
    NamePattern pattern = new NamePattern(functionPattern);
    if (isCatalog(catalog)) {
      for (Map<String, String> row : system.rows("functions", Map.of())) {
        String name = text(row, "name");
        if (pattern.fits(name)) {
          functions.add(null, null, name, text(row, "description"), functionNoTable, name);
        }
      }
    }
    return functions.sortedBy(2).toResultSet();
  }

  @Override
  public ResultSet getClientInfoProperties() {
    MetaTable properties = new MetaTable("NAME", "MAX_LEN#", "DEFAULT_VALUE", "DESCRIPTION");
    properties.add("ApplicationName", 255, "", "Name of the program that uses the connection");
    properties.add("ClientHostname", 255, "", "Name of the machine that the program runs on");
    properties.add("ClientUser", 255, "", "Name of the user of the program");
    return properties.toResultSet();
  }

  @Override
  public String getURL() {
    return connection.url().text();
  }

  @Override
  public String getUserName() {
    return connection.url().user();
  }

  @Override
  public String getDatabaseProductVersion() throws SQLException {
    return connection.engineVersion();
  }

  private int versionPart(int index) throws SQLException {
    String[] parts = getDatabaseProductVersion().split("[^0-9]+");
    return index < parts.length && !parts[index].isEmpty() ? Integer.parseInt(parts[index]) : 0;
  }

  @Override
  public int getDatabaseMajorVersion() throws SQLException {
    return versionPart(0);
  }

  @Override
  public int getDatabaseMinorVersion() throws SQLException {
    return versionPart(1);
  }

  @Override
  public String getDriverVersion() {
    return Connections.MAJOR_VERSION + "." + Connections.MINOR_VERSION;
  }

  @Override
  public String getSQLKeywords() {
    return MetaShapes.KEYWORDS;
  }

  @Override
  public String getNumericFunctions() {
    return "ABS,ACOS,ASIN,ATAN,ATAN2,CEILING,COS,EXP,FLOOR,LOG,LOG10,MOD,PI,POWER,ROUND,SIGN,SIN,"
        + "SQRT,TAN,TRUNCATE";
  }

  @Override
  public String getStringFunctions() {
    return "CONCAT,LCASE,LENGTH,LOCATE,LTRIM,REPLACE,RTRIM,SUBSTRING,UCASE";
  }

  @Override
  public String getSystemFunctions() {
    return "IFNULL";
  }

  @Override
  public String getTimeDateFunctions() {
    return "CURDATE,DAYOFMONTH,DAYOFWEEK,DAYOFYEAR,HOUR,MINUTE,MONTH,NOW,QUARTER,SECOND,WEEK,YEAR";
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public RowIdLifetime getRowIdLifetime() {
    return RowIdLifetime.ROWID_UNSUPPORTED;
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return connection.isReadOnly();
  }

  @Override
  public boolean supportsResultSetType(int type) {
    return type == ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public boolean supportsResultSetConcurrency(int type, int concurrency) {
    return supportsResultSetType(type) && concurrency == ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public boolean supportsResultSetHoldability(int holdability) {
    return holdability == ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public boolean supportsTransactionIsolationLevel(int level) {
    return level == Connection.TRANSACTION_NONE;
  }

  @Override
  public boolean supportsConvert(int from, int to) {
    return MetaShapes.hasCast(from) && MetaShapes.hasCast(to);
  }
}
