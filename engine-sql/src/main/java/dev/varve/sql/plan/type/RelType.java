// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.type;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.type.AbstractSqlType;
import org.apache.calcite.sql.type.SqlTypeName;

/// A [DataType] in the validator's clothes. The SQL type name is only the nearest one that makes
/// the validator's and the planner rules' questions come out right; the digest holds our own name.
///
/// Nullability is kept beside the type, because an outer join makes even an Array nullable.
/// Instances come from [RelTypeFactory], which keeps one for each type.
public final class RelType extends AbstractSqlType {
  private static final long serialVersionUID = 1L;
  private static final SqlCollation BYTES =
      new SqlCollation("UTF-8$en_US$primary", SqlCollation.Coercibility.IMPLICIT);

  private final transient DataType bare;

  RelType(DataType type, boolean nullable) {
    super(nearestName(type.unwrapped()), nullable, null);
    this.bare = type.unwrapped();
    computeDigest();
  }

  /// The type without Nullable and LowCardinality.
  public DataType bare() {
    return bare;
  }

  /// The type with its nullability.
  public DataType dataType() {
    return isNullable ? DataTypes.nullable(bare) : bare;
  }

  private static SqlTypeName nearestName(DataType type) {
    return switch (type) {
      case DataType.Int(int bits, boolean signed) -> integerName(signed ? bits : bits * 2);
      case DataType.Float(int bits) -> bits == 32 ? SqlTypeName.REAL : SqlTypeName.DOUBLE;
      case DataType.Decimal _ -> SqlTypeName.DECIMAL;
      case DataType.Bool _ -> SqlTypeName.BOOLEAN;
      case DataType.Text _, DataType.FixedText _, DataType.Enumeration _ -> SqlTypeName.VARCHAR;
      case DataType.Date _, DataType.Date32 _ -> SqlTypeName.DATE;
      case DataType.DateTime _, DataType.DateTime64 _ -> SqlTypeName.TIMESTAMP;
      case DataType.Nothing _ -> SqlTypeName.NULL;
      case DataType.Uuid _,
          DataType.Ipv4 _,
          DataType.Ipv6 _,
          DataType.Time _,
          DataType.Time64 _,
          DataType.Array _,
          DataType.Tuple _,
          DataType.MapOf _,
          DataType.AggregateState _ ->
          SqlTypeName.OTHER;
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    };
  }

  // An unsigned type takes the signed name of twice its width, so that the upper half fits.
  private static SqlTypeName integerName(int bits) {
    return switch (bits) {
      case 8 -> SqlTypeName.TINYINT;
      case 16 -> SqlTypeName.SMALLINT;
      case 32 -> SqlTypeName.INTEGER;
      case 64 -> SqlTypeName.BIGINT;
      default -> SqlTypeName.DECIMAL;
    };
  }

  @Override
  public int getPrecision() {
    return switch (bare) {
      case DataType.Decimal(int precision, int _) -> precision;
      case DataType.Int(int bits, boolean _) -> bits >= 128 ? 76 : bits == 64 ? 20 : 10;
      case DataType.DateTime64(int precision, String _) -> precision;
      case DataType.DateTime _, DataType.Time _ -> 0;
      case DataType.Time64(int precision) -> precision;
      case DataType.FixedText(int bytes) -> bytes;
      case DataType.Text _, DataType.Enumeration _ -> PRECISION_NOT_SPECIFIED;
      case DataType.Float(int bits) -> bits == 32 ? 7 : 15;
      default -> PRECISION_NOT_SPECIFIED;
    };
  }

  @Override
  public int getScale() {
    return switch (bare) {
      case DataType.Decimal(int _, int scale) -> scale;
      case DataType.Int _ -> 0;
      default -> SCALE_NOT_SPECIFIED;
    };
  }

  @Override
  public Charset getCharset() {
    return typeName == SqlTypeName.VARCHAR ? StandardCharsets.UTF_8 : null;
  }

  @Override
  public SqlCollation getCollation() {
    return typeName == SqlTypeName.VARCHAR ? BYTES : null;
  }

  // Called once by the super constructor before `bare` is set, and once more by ours.
  @Override
  protected void generateTypeString(StringBuilder text, boolean withDetail) {
    text.append(bare == null ? "" : bare.name());
  }
}
