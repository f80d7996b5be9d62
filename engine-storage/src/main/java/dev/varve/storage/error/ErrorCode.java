// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.error;

/// Stable codes. Numbers follow ClickHouse where it has the same error, so that its clients' retry
/// logic holds; 2000 and above are ours. A number is never used again for another error.
public enum ErrorCode {
  NUMBER_OF_COLUMNS_DOESNT_MATCH(
      20,
      "21S01",
      Fault.USER,
      "two lists that must have as many columns do not; give both the same"),
  CANNOT_PARSE_INPUT(
      27,
      "22018",
      Fault.USER,
      "a value of the input is malformed; row, column and text are named: mend the " + "input"),
  BAD_ARGUMENTS(
      36,
      "22023",
      Fault.USER,
      "an option, clause or argument has a value that means nothing; the message "
          + "says which it may have"),
  NOT_FOUND_COLUMN_IN_BLOCK(
      10, "42S22", Fault.USER, "the table has no such column; a near name is suggested"),
  NO_SUCH_COLUMN_IN_TABLE(
      16, "42S22", Fault.USER, "the table stores no such column; a near name is suggested"),
  CHECKSUM_DOESNT_MATCH(
      40,
      "XX001",
      Fault.WORLD,
      "bytes are not what was written. On disk: file and byte are named, the rest "
          + "stays readable, see operations.md. In a request: send it again"),
  NUMBER_OF_ARGUMENTS_DOESNT_MATCH(
      42,
      "42883",
      Fault.USER,
      "the function takes another number of arguments; its signature is told"),
  ILLEGAL_TYPE_OF_ARGUMENT(
      43, "42804", Fault.USER, "the function does not take this type; convert it by CAST"),
  DUPLICATE_COLUMN(
      44, "42S21", Fault.USER, "the table has a column of this name already; choose another"),
  UNKNOWN_FUNCTION(46, "42883", Fault.USER, "there is no such function; a near name is suggested"),
  UNKNOWN_IDENTIFIER(
      47, "42S22", Fault.USER, "no table of the query has such a column; a near name is suggested"),
  NOT_IMPLEMENTED(
      48,
      "0A000",
      Fault.USER,
      "the engine cannot do this; the message names a way around where there is one"),
  LOGICAL_ERROR(
      49, "XX000", Fault.OURS, "a defect of the engine; report it together with the statement"),
  UNKNOWN_TYPE(50, "42704", Fault.USER, "there is no such type; a near name is suggested"),
  TYPE_MISMATCH(
      53,
      "42804",
      Fault.USER,
      "two values that are compared or combined have types that do not mix; convert "
          + "one by CAST"),
  UNKNOWN_STORAGE(
      56, "42704", Fault.USER, "there is no such table engine; a near name is suggested"),
  TABLE_ALREADY_EXISTS(57, "42S01", Fault.USER, "choose another name, or say IF NOT EXISTS"),
  UNKNOWN_TABLE(60, "42S02", Fault.USER, "there is no such table; a near name is suggested"),
  SYNTAX_ERROR(62, "42000", Fault.USER, "line and column of the word that does not fit are given"),
  ARGUMENT_OUT_OF_BOUND(
      69,
      "22003",
      Fault.USER,
      "a number is outside what is possible; the message names the bounds"),
  CANNOT_CONVERT_TYPE(
      70,
      "22018",
      Fault.USER,
      "the value has no counterpart in the other type; the OrNull functions give "
          + "NULL instead"),
  UNKNOWN_FORMAT(
      73,
      "42704",
      Fault.USER,
      "there is no such format in this direction; a near name is suggested"),
  DIRECTORY_LOCKED(
      76,
      "55006",
      Fault.WORLD,
      "another process uses the data directory; stop it, or give another directory"),
  UNKNOWN_DATABASE(81, "3D000", Fault.USER, "there is no such database; a near name is suggested"),
  DATABASE_ALREADY_EXISTS(82, "42P04", Fault.USER, "choose another name, or say IF NOT EXISTS"),
  UNKNOWN_SETTING(115, "42704", Fault.USER, "there is no such setting; a near name is suggested"),
  FILE_DOESNT_EXIST(107, "58P01", Fault.USER, "no file has this name or fits this pattern"),
  INCORRECT_DATA(
      117,
      "22000",
      Fault.USER,
      "the input is well-formed and does not fit the columns; the field or value is " + "named"),
  TOO_LARGE_STRING_SIZE(
      131,
      "22001",
      Fault.USER,
      "a function such as repeat would make a text of more than 256 MiB; ask for less"),
  SAMPLING_NOT_SUPPORTED(141, "0A000", Fault.USER, "SAMPLE needs a table with SAMPLE BY"),
  ILLEGAL_DIVISION(
      153, "22012", Fault.USER, "division by zero; nullIf(divisor, 0) gives NULL instead"),
  TOO_MANY_ROWS(
      158,
      "54000",
      Fault.RESOURCES,
      "the query reads more than max_rows_to_read; ask for less, or raise it"),
  TIMEOUT_EXCEEDED(
      159,
      "57014",
      Fault.RESOURCES,
      "the query took longer than it may; raise max_execution_time, or for "
          + "after_offset its patience"),
  READONLY(
      164,
      "25006",
      Fault.USER,
      "the user, the request or the session only reads; use POST, or another user"),
  ILLEGAL_AGGREGATION(
      184,
      "42803",
      Fault.USER,
      "an aggregate stands where none may; conditions on aggregates go into HAVING"),
  UNKNOWN_USER(192, "42704", Fault.USER, "there is no such user; a near name is suggested"),
  QUOTA_EXCEEDED(
      201,
      "53400",
      Fault.RESOURCES,
      "the user's quota is used up; wait for its next interval, or have it raised"),
  NETWORK_ERROR(
      210,
      "08001",
      Fault.WORLD,
      "a port is in use, or a server cannot be reached: stop the other program, or "
          + "give another port"),
  NOT_AN_AGGREGATE(
      215,
      "42803",
      Fault.USER,
      "the column is neither grouped by nor aggregated; add it to GROUP BY, or wrap "
          + "it in any(…)"),
  QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING(216, "42710", Fault.USER, "choose another query_id"),
  MEMORY_LIMIT_EXCEEDED(
      241,
      "53200",
      Fault.RESOURCES,
      "the query's budget is used up: raise max_memory_usage or --memory, or ask for " + "less"),
  TABLE_IS_READ_ONLY(
      242,
      "25006",
      Fault.WORLD,
      "this server of a cluster cannot write now: it has no quorum, or no primary is elected; "
          + "reads go on, repeat the write or send it to another server"),
  NOT_ENOUGH_SPACE(
      243,
      "53100",
      Fault.RESOURCES,
      "the disk is full: nothing half-written is visible; free space and repeat"),
  CORRUPTED_DATA(
      246,
      "XX001",
      Fault.WORLD,
      "bytes on disk are damaged: file and byte are named. The rest stays readable, "
          + "see operations.md"),
  NO_SUCH_DATA_PART(
      232, "42704", Fault.USER, "the table has no such part; system.parts lists them"),
  UNKNOWN_PARTITION(
      248, "42704", Fault.USER, "the table has no such partition; system.parts lists them"),
  TOO_MANY_PARTS(
      252, "53400", Fault.RESOURCES, "merges are behind by far; insert larger blocks, or fewer"),
  INDEX_NOT_USED(
      277,
      "42000",
      Fault.USER,
      "a setting demands an index that the conditions of the query say nothing about"),
  TOO_FEW_LIVE_REPLICAS(
      285,
      "53300",
      Fault.WORLD,
      "fewer servers of the cluster hold the rows than a write needs; nothing was written, "
          + "start the missing servers and repeat"),
  TOO_DEEP_RECURSION(
      306, "54001", Fault.USER, "raise max_recursive_cte_evaluation_depth, or end the recursion"),
  TOO_MANY_BYTES(
      307,
      "54000",
      Fault.RESOURCES,
      "the query reads more than max_bytes_to_read; ask for less, or raise it"),
  UNKNOWN_STATUS_OF_INSERT(
      319,
      "08007",
      Fault.WORLD,
      "the cluster lost its quorum while it committed: the change may hold or not; repeat an "
          + "INSERT with the same insert_deduplication_token, which writes it once"),
  SESSION_NOT_FOUND(
      372, "08003", Fault.USER, "the session has ended; begin another, or leave out session_check"),
  SESSION_IS_LOCKED(
      373,
      "55006",
      Fault.USER,
      "the session runs another statement; wait for it, or use another session_id"),
  QUERY_WAS_CANCELLED(394, "57014", Fault.USER, "somebody cancelled it, or the server stops"),
  TOO_MANY_ROWS_OR_BYTES(
      396,
      "54000",
      Fault.RESOURCES,
      "the result has more rows than max_result_rows; ask for less, raise it, or take as many "
          + "by result_overflow_mode = 'break'"),
  DECIMAL_OVERFLOW(
      407,
      "22003",
      Fault.USER,
      "the result has more digits than its type; convert to a wider decimal or to "
          + "Float64 first"),
  CANNOT_UPDATE_COLUMN(
      420,
      "0A000",
      Fault.USER,
      "the column is of a key, or computed; delete the row and insert it anew"),
  BAD_TTL_EXPRESSION(
      450, "42804", Fault.USER, "a TTL is a date or a moment made of columns of the table"),
  FILE_ALREADY_EXISTS(
      504, "58P02", Fault.USER, "choose another file, or say INTO OUTFILE … TRUNCATE or APPEND"),
  PATH_ACCESS_DENIED(
      481,
      "42501",
      Fault.USER,
      "the server reads and writes files in user_files of its data directory only, and "
          + "backups in its folder of backups"),
  SETTING_CONSTRAINT_VIOLATION(
      452, "22023", Fault.USER, "the user's MIN, MAX or READONLY forbids this value"),
  VIOLATED_CONSTRAINT(
      469,
      "23514",
      Fault.USER,
      "a row does not hold a CONSTRAINT … CHECK of the table; row and constraint are " + "named"),
  ACCESS_ENTITY_ALREADY_EXISTS(
      493, "42710", Fault.USER, "choose another name, or say IF NOT EXISTS or OR REPLACE"),
  ACCESS_DENIED(497, "42501", Fault.USER, "the GRANT that is missing is named"),
  UNKNOWN_ROLE(511, "42704", Fault.USER, "there is no such role; a near name is suggested"),
  AUTHENTICATION_FAILED(516, "28000", Fault.USER, "no such user, or another password"),
  ALTER_OF_COLUMN_IS_FORBIDDEN(
      524,
      "0A000",
      Fault.USER,
      "the column is of a key, or something else depends on it, which is named"),
  BACKUP_ALREADY_EXISTS(
      598, "58P02", Fault.USER, "a backup is never written over; give another name"),
  BACKUP_NOT_FOUND(
      599,
      "58P01",
      Fault.USER,
      "there is no whole backup of this name: one that was cut short has no file \"backup\""),
  BACKUP_DAMAGED(
      601,
      "XX001",
      Fault.WORLD,
      "a file of the backup is missing or not what was written, and is named; nothing was "
          + "restored: take another backup, or restore its other tables by name"),
  WRONG_BASE_BACKUP(
      603,
      "58P01",
      Fault.USER,
      "the backup that this one was based on is elsewhere: say where, by SETTINGS base_backup "
          + "= File('…')"),
  BACKUP_ENTRY_NOT_FOUND(
      605,
      "42S02",
      Fault.USER,
      "the backup holds no such table or database; those it holds are told"),
  FUNCTION_ALREADY_EXISTS(
      609, "42723", Fault.USER, "choose another name, or say CREATE OR REPLACE"),
  CANNOT_CREATE_RECURSIVE_FUNCTION(
      611, "42P20", Fault.USER, "the function would call itself; use WITH RECURSIVE"),
  KEEPER_EXCEPTION(
      999,
      "08006",
      Fault.WORLD,
      "ZooKeeper does not answer; see that a majority of its servers runs and can be reached"),
  IO_ERROR(
      1002,
      "58030",
      Fault.WORLD,
      "the system failed on a file, which is named with its reason; the next try may " + "go well"),
  TOO_LARGE_RECORD(
      2001,
      "22001",
      Fault.USER,
      "a row or a statement is larger than the limit that is named; send rows by "
          + "INSERT … FORMAT"),
  UNSUPPORTED_FORMAT_VERSION(
      2002,
      "0A000",
      Fault.WORLD,
      "a newer program wrote the file, which is left untouched; use that program");

  /// Whose fault an error is.
  public enum Fault {
    USER,
    OURS,
    RESOURCES,
    WORLD
  }

  private final int number;
  private final String sqlState;
  private final Fault fault;
  private final String remedy;

  ErrorCode(int number, String sqlState, Fault fault, String remedy) {
    this.number = number;
    this.sqlState = sqlState;
    this.fault = fault;
    this.remedy = remedy;
  }

  public int number() {
    return number;
  }

  public String sqlState() {
    return sqlState;
  }

  public Fault fault() {
    return fault;
  }

  /// Whether nobody knows if a commit that failed with it holds: what it brought has to stay.
  public boolean leavesDoubt() {
    return this == IO_ERROR || this == UNKNOWN_STATUS_OF_INSERT;
  }

  /// What it means to who meets it, and the way out, for docs/errors.md.
  public String remedy() {
    return remedy;
  }
}
