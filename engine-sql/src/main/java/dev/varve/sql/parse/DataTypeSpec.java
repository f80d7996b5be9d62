// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.UnknownTypeException;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.util.Litmus;

/// The type in a CAST, as one of ours. The validator's type factory must be a [Factory].
public final class DataTypeSpec extends SqlTypeNameSpec {
  /// What a type factory offers beside Calcite's own, so that our types survive validation.
  public interface Factory {
    /// Calcite's type that stands for ours, nullable where ours is.
    RelDataType toRelType(DataType type);
  }

  private final DataType type;

  private DataTypeSpec(DataType type, SqlParserPos pos) {
    super(new SqlIdentifier(type.name(), pos), pos);
    this.type = type;
  }

  public static SqlDataTypeSpec of(String spelling, SqlParserPos pos) {
    try {
      return new SqlDataTypeSpec(new DataTypeSpec(DataTypes.parse(spelling), pos), pos);
    } catch (UnknownTypeException e) {
      throw new VarveException(
          ErrorCode.UNKNOWN_TYPE,
          "line " + pos.getLineNum() + ", column " + pos.getColumnNum() + ": " + e.getMessage(),
          e);
    }
  }

  public DataType type() {
    return type;
  }

  @Override
  public RelDataType deriveType(SqlValidator validator) {
    return ((Factory) validator.getTypeFactory()).toRelType(type);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.literal(type.name());
  }

  @Override
  public boolean equalsDeep(SqlTypeNameSpec other, Litmus litmus) {
    return other instanceof DataTypeSpec spec && spec.type.equals(type)
        ? litmus.succeed()
        : litmus.fail("{} != {}", this, other);
  }
}
