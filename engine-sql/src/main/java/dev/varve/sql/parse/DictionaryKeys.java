// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

/// Settings of a view that is a dictionary: how rows are looked up in it.
public final class DictionaryKeys {
  /// Names of the columns of the key, one a line. Views that have it are dictionaries.
  public static final String KEY = "dictionary_key";

  public static final String LAYOUT = "dictionary_layout";
  public static final String SOURCE = "dictionary_source";

  /// The columns of the least and the greatest value of a range, one a line.
  public static final String RANGE = "dictionary_range";

  /// The column that names the key of the row above.
  public static final String PARENT = "dictionary_parent";

  /// Before the name of a column: the expression that stands for rows that are not there.
  public static final String DEFAULT = "dictionary_default_";

  /// What stands behind the name in the statement.
  public static final String STATEMENT = "dictionary_statement";

  private DictionaryKeys() {}
}
