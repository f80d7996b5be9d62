// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.type;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.parse.DataTypeSpec;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeName;

/// Makes [RelType]s, also where the validator asks for a type by its SQL name. Safe for threads.
public final class RelTypeFactory extends SqlTypeFactoryImpl implements DataTypeSpec.Factory {
  /// Wide decimals and nanoseconds.
  private static final RelDataTypeSystem SYSTEM =
      new RelDataTypeSystemImpl() {
        @Override
        public int getMaxPrecision(SqlTypeName name) {
          return switch (name) {
            case DECIMAL -> 76;
            case TIMESTAMP, TIME -> 9;
            default -> super.getMaxPrecision(name);
          };
        }

        @Override
        public int getMaxScale(SqlTypeName name) {
          return name == SqlTypeName.DECIMAL ? 76 : super.getMaxScale(name);
        }
      };

  private final FunctionRegistry functions;

  /// @param functions knows the type that values of several types share
  public RelTypeFactory(FunctionRegistry functions) {
    super(SYSTEM);
    this.functions = functions;
  }

  @Override
  public RelDataType toRelType(DataType type) {
    return of(type);
  }

  public RelDataType of(DataType type) {
    return of(type, type.isNullable());
  }

  private RelDataType of(DataType type, boolean nullable) {
    return canonize(new RelType(type, nullable || type.unwrapped() instanceof DataType.Nothing));
  }

  /// Our type of a validator's type.
  public DataType dataType(RelDataType type) {
    if (type instanceof RelType ours) {
      return ours.dataType();
    }
    DataType bare = dataType(type.getSqlTypeName(), type.getPrecision(), type.getScale());
    if (bare == null) {
      throw new IllegalStateException("no data type for " + type.getFullTypeString());
    }
    return type.isNullable() ? DataTypes.nullable(bare) : bare;
  }

  private static DataType dataType(SqlTypeName name, int precision, int scale) {
    return switch (name) {
      case BOOLEAN -> DataTypes.BOOL;
      case TINYINT -> DataTypes.INT8;
      case SMALLINT -> DataTypes.INT16;
      case INTEGER -> DataTypes.INT32;
      case BIGINT -> DataTypes.INT64;
      case UTINYINT -> DataTypes.UINT8;
      case USMALLINT -> DataTypes.UINT16;
      case UINTEGER -> DataTypes.UINT32;
      case UBIGINT -> DataTypes.UINT64;
      case DECIMAL -> decimal(precision, scale);
      case FLOAT, DOUBLE -> DataTypes.FLOAT64;
      case REAL -> DataTypes.FLOAT32;
      case DATE -> DataTypes.DATE;
      case TIMESTAMP -> new DataType.DateTime64(precision < 0 ? 6 : Math.min(precision, 9), "");
      case CHAR, VARCHAR, BINARY, VARBINARY -> DataTypes.STRING;
      case UUID -> DataTypes.UUID;
      case NULL -> DataTypes.NOTHING;
      default -> null;
    };
  }

  private static DataType decimal(int precision, int scale) {
    int digits = precision < 1 ? 38 : Math.min(precision, 76);
    return new DataType.Decimal(digits, Math.clamp(scale, 0, digits));
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name) {
    DataType type = dataType(name, -1, 0);
    return type == null ? super.createSqlType(name) : of(type);
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name, int precision) {
    DataType type = dataType(name, precision, 0);
    return type == null ? super.createSqlType(name, precision) : of(type);
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name, int precision, int scale) {
    DataType type = dataType(name, precision, scale);
    return type == null ? super.createSqlType(name, precision, scale) : of(type);
  }

  @Override
  public RelDataType createTypeWithNullability(RelDataType type, boolean nullable) {
    return type instanceof RelType ours
        ? of(ours.bare(), nullable)
        : super.createTypeWithNullability(type, nullable);
  }

  @Override
  public RelDataType enforceTypeWithNullability(RelDataType type, boolean nullable) {
    return type instanceof RelType
        ? createTypeWithNullability(type, nullable)
        : super.enforceTypeWithNullability(type, nullable);
  }

  @Override
  public RelDataType createTypeWithCharsetAndCollation(
      RelDataType type, Charset charset, SqlCollation collation) {
    return type instanceof RelType
        ? type
        : super.createTypeWithCharsetAndCollation(type, charset, collation);
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }

  @Override
  public RelDataType leastRestrictive(List<RelDataType> types, SqlTypeMappingRule rule) {
    List<DataType> ours = new ArrayList<>();
    for (RelDataType type : types) {
      if (!(type instanceof RelType)) {
        return super.leastRestrictive(types, rule);
      }
      ours.add(dataType(type));
    }
    boolean nullable = types.stream().anyMatch(RelDataType::isNullable);
    try {
      return of(functions.commonType(ours), nullable);
    } catch (VarveException e) {
      // The validator asks whether there is such a type; it reports the place itself.
      return null;
    }
  }
}
