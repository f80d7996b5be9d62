// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/// Rows of random values without end, which only a LIMIT stops. One seed gives the same rows.
///
/// @param longestText greatest length of a text
/// @param longestArray greatest length of an array or map
public record RandomRows(List<DataType> types, long seed, int longestText, int longestArray)
    implements Operator {
  private static final int NULLS = 16;
  private static final long LAST_SECOND = 4_000_000_000L;
  private static final int LAST_DAY = 60_000;

  public RandomRows {
    types = List.copyOf(types);
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "RandomRows seed " + seed;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return ParallelSource.single(new Source(context));
  }

  private final class Source implements BatchSource {
    private final QueryContext context;
    private final Scratch scratch;
    private final SplittableRandom random = new SplittableRandom(seed);

    Source(QueryContext context) {
      this.context = context;
      this.scratch = context.newScratch();
    }

    @Override
    public Batch next() {
      context.check();
      scratch.reset();
      List<Vector> columns = new ArrayList<>();
      for (DataType type : types) {
        VectorBuilder builder = new VectorBuilder(type, scratch);
        for (int i = 0; i < Batch.MAX_ROWS; i++) {
          VectorValues.append(builder, value(type));
        }
        columns.add(builder.build());
      }
      return new Batch(Batch.MAX_ROWS, columns);
    }

    private Object value(DataType type) {
      if (type.isNullable() && random.nextInt(NULLS) == 0) {
        return null;
      }
      return switch (type.unwrapped()) {
        case DataType.Int(int bits, boolean signed) -> whole(bits, signed);
        case DataType.Float(int bits) ->
            bits == 32 ? (Object) (float) random.nextDouble() : (Object) random.nextDouble();
        case DataType.Decimal(int precision, int scale) ->
            new BigDecimal(whole(64, true).mod(BigInteger.TEN.pow(Math.min(18, precision))), scale);
        case DataType.Bool _ -> random.nextBoolean();
        case DataType.Text _ -> text(random.nextInt(longestText + 1));
        case DataType.FixedText(int bytes) -> text(bytes);
        case DataType.Uuid _ -> new UUID(random.nextLong(), random.nextLong());
        case DataType.Date _, DataType.Date32 _ -> LocalDate.ofEpochDay(random.nextInt(LAST_DAY));
        case DataType.DateTime _, DataType.DateTime64 _ ->
            LocalDateTime.ofEpochSecond(random.nextLong(LAST_SECOND), 0, ZoneOffset.UTC);
        case DataType.Time _, DataType.Time64 _ ->
            Duration.ofSeconds(random.nextInt(DataType.Time.MAX_SECONDS));
        case DataType.Enumeration labels ->
            labels.labels().get(random.nextInt(labels.labels().size())).text();
        case DataType.Ipv4 _ -> random.nextLong(1L << 32);
        case DataType.Ipv6 _ -> bytes(16);
        case DataType.Array(DataType element) -> list(element, random.nextInt(longestArray + 1));
        case DataType.MapOf map -> map(map);
        case DataType.Tuple tuple -> tuple.fields().stream().map(this::value).toList();
        case DataType.AggregateState _ -> new byte[0];
        case DataType.Nothing _ -> null;
        case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
            throw new IllegalStateException("still wrapped: " + type.name());
      };
    }

    private BigInteger whole(int bits, boolean signed) {
      BigInteger magnitude = new BigInteger(1, bytes((bits + 7) / 8));
      return signed ? magnitude.subtract(BigInteger.ONE.shiftLeft(bits - 1)) : magnitude;
    }

    private String text(int length) {
      StringBuilder text = new StringBuilder(length);
      for (int i = 0; i < length; i++) {
        text.append((char) random.nextInt(' ', 127));
      }
      return text.toString();
    }

    private byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    private List<Object> list(DataType element, int length) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        values.add(value(element));
      }
      return values;
    }

    private Map<Object, Object> map(DataType.MapOf map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      for (int i = random.nextInt(longestArray + 1); i > 0; i--) {
        entries.put(value(map.key()), value(map.value()));
      }
      return entries;
    }

    @Override
    public void close() {
      scratch.close();
    }
  }
}
