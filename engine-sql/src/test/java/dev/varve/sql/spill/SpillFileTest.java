// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpillFileTest {
  private static final List<DataType> TYPES =
      Stream.of(
              "UInt8",
              "Nullable(Int32)",
              "Float64",
              "Nullable(String)",
              "FixedString(3)",
              "Decimal(30, 2)",
              "Array(Nullable(String))",
              "Map(String, Array(Int64))",
              "Tuple(Int16, Nullable(String))")
          .map(DataTypes::parse)
          .toList();

  @TempDir Path directory;

  @Randomized(times = 30)
  void rowsComeBackAsTheyWere(RandomGenerator random) throws IOException {
    Path own = Files.createTempDirectory(directory, "run");
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        SpillFile file = SpillSpace.open(own).create(TYPES)) {
      List<List<Object>> wanted = new ArrayList<>();
      for (int b = 0; b < random.nextInt(4); b++) {
        scratch.reset();
        Batch batch = batch(random, scratch);
        wanted.addAll(rows(batch));
        file.append(batch, scratch);
      }

      List<List<Object>> found = new ArrayList<>();
      try (SpillReader reader = file.reader(new Scratch(allocator))) {
        for (Batch page = reader.next(); page != null; page = reader.next()) {
          found.addAll(rows(page));
        }
      }

      assertThat(found).isEqualTo(wanted);
      assertThat(file.rows()).isEqualTo(wanted.size());
    }
    assertThat(own).isEmptyDirectory();
  }

  private static Batch batch(RandomGenerator random, Scratch scratch) {
    int rows = 1 + random.nextInt(300);
    List<Vector> columns = new ArrayList<>();
    for (DataType type : TYPES) {
      int distinct = 1 + random.nextInt(10);
      VectorBuilder builder = new VectorBuilder(type, scratch);
      for (int i = 0; i < distinct; i++) {
        append(builder, random);
      }
      Vector base = builder.build();
      int[] index = random.ints(rows, 0, distinct).toArray();
      columns.add(
          switch (random.nextInt(base.mayHaveNulls() ? 2 : 3)) {
            case 0 -> Vector.constant(type, rows, VectorOps.slice(base, 0, 1, scratch));
            case 2 -> dictionary(type, index, base, scratch);
            default -> VectorOps.gather(base, index, rows, scratch);
          });
    }
    return new Batch(rows, columns);
  }

  private static Vector dictionary(DataType type, int[] index, Vector base, Scratch scratch) {
    var codes = scratch.allocate(index.length * 4L);
    for (int i = 0; i < index.length; i++) {
      codes.set(Vector.I32, i * 4L, index[i]);
    }
    return Vector.dictionary(type, index.length, codes, base, null);
  }

  private static void append(VectorBuilder builder, RandomGenerator random) {
    DataType type = builder.type();
    if (type.isNullable() && random.nextInt(3) == 0) {
      builder.appendNull();
      return;
    }
    switch (type.physical()) {
      case BYTES, FIXED -> {
        byte[] bytes = new byte[type.width() > 0 ? type.width() : random.nextInt(20)];
        random.nextBytes(bytes);
        builder.appendBytes(bytes);
      }
      case LIST -> {
        for (int i = random.nextInt(4); i > 0; i--) {
          append(builder.child(0), random);
        }
        builder.endList();
      }
      case STRUCT -> {
        List<DataType> fields = ((DataType.Tuple) type.unwrapped()).fields();
        for (int f = 0; f < fields.size(); f++) {
          append(builder.child(f), random);
        }
        builder.endStruct();
      }
      case FLOAT32, FLOAT64 -> builder.appendDouble(random.nextDouble());
      default -> builder.appendLong(random.nextInt(100));
    }
  }

  private static List<List<Object>> rows(Batch batch) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < batch.rows(); i++) {
      List<Object> row = new ArrayList<>();
      for (Vector column : batch.columns()) {
        Object value = VectorValues.get(column, i);
        row.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
      }
      rows.add(row);
    }
    return rows;
  }

  @Test
  void aDamagedPageNamesTheFileAndTheByte() throws IOException {
    List<DataType> types = List.of(DataTypes.INT64);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator);
        SpillFile file = SpillSpace.open(directory).create(types)) {
      VectorBuilder builder = new VectorBuilder(DataTypes.INT64, scratch);
      builder.appendLong(7);
      file.append(new Batch(1, List.of(builder.build())), scratch);
      Path path = directory.resolve("spill-0");
      byte[] bytes = Files.readAllBytes(path);
      bytes[bytes.length - 1] ^= 1;
      Files.write(path, bytes);

      try (SpillReader reader = file.reader(new Scratch(allocator))) {
        assertThatThrownBy(reader::next)
            .isInstanceOf(VarveException.class)
            .hasMessageContaining(path.toString())
            .hasMessageContaining("corrupt at byte 0");
      }
    }
  }

  @Test
  void whatACrashLeftIsDeletedAndNothingElse() throws IOException {
    Files.write(directory.resolve("spill-12"), new byte[3]);
    Files.write(directory.resolve("other"), new byte[3]);

    SpillSpace.open(directory);

    assertThat(directory).isDirectoryNotContaining("glob:**spill-*");
    assertThat(directory.resolve("other")).exists();
  }
}
