// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class JsonRowsTest {

  private static List<ColumnDefinition> columns(String... namesAndTypes) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.add(ColumnDefinition.of(namesAndTypes[i], DataTypes.parse(namesAndTypes[i + 1])));
    }
    return columns;
  }

  private static List<List<Object>> read(
      List<ColumnDefinition> columns, boolean skipUnknown, String text) {
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      RowBuilders builders = new RowBuilders(columns, scratch);
      JsonRows reader = new JsonRows(columns, skipUnknown);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int at = 0;
      while (at >= 0) {
        at = reader.read(builders, bytes, at, bytes.length);
      }
      return rows(builders.build());
    }
  }

  private static List<List<Object>> rows(Batch batch) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      List<Object> values = new ArrayList<>();
      for (Vector column : batch.columns()) {
        values.add(VectorValues.get(column, row));
      }
      rows.add(values);
    }
    return rows;
  }

  private static List<Object> readOne(String type, String json) {
    return read(columns("c", type), false, "{\"c\":" + json + "}").getFirst();
  }

  private static final List<ColumnDefinition> TWO = columns("id", "UInt32", "name", "String");

  @Test
  void readsFieldsInAnyOrderAndRowsHoweverSeparated() {
    String text = "{\"id\":1,\"name\":\"a\"}\n  {\"name\":\"b\" , \"id\" : 2}{\"id\":3}\r\n\n";
    List<List<Object>> expected = List.of(List.of(1L, "a"), List.of(2L, "b"), List.of(3L, ""));
    assertThat(read(TWO, false, text)).isEqualTo(expected);
    assertThat(
            read(TWO, false, "[{\"id\":1,\"name\":\"a\"},\n{\"id\":2,\"name\":\"b\"},{\"id\":3}]"))
        .isEqualTo(expected);
    assertThat(read(TWO, false, " \n")).isEmpty();
  }

  @Test
  void decodesEscapes() {
    assertThat(readOne("String", "\"a\\n\\\"\\\\\\/\\u00e4\\ud83d\\ude00z and some more text\""))
        .containsExactly("a\n\"\\/ä😀z and some more text");
    assertThat(readOne("String", "\"nothing escaped, longer than a word: ä\""))
        .containsExactly("nothing escaped, longer than a word: ä");
  }

  @Test
  void readsEveryKindOfValue() {
    assertThat(readOne("Int64", "\"12\"")).containsExactly(12L);
    assertThat(readOne("String", "12.50")).containsExactly("12.50");
    assertThat(readOne("String", "{\"a\": [1, \"}\"]}")).containsExactly("{\"a\": [1, \"}\"]}");
    assertThat(readOne("UInt8", "true")).containsExactly(1L);
    assertThat(readOne("Bool", "false")).containsExactly(false);
    assertThat(readOne("Array(Nullable(String))", "[\"x\", null]"))
        .containsExactly(Arrays.asList("x", null));
    assertThat(readOne("Array(Array(Int8))", "[[1],[]]"))
        .containsExactly(List.of(List.of(1L), List.of()));
    assertThat(readOne("Map(String, Array(Int8))", "{\"k\":[1,2]}"))
        .containsExactly(Map.of("k", List.of(1L, 2L)));
    assertThat(readOne("Tuple(a Int8, b String)", "{\"b\":\"x\",\"a\":3}"))
        .containsExactly(List.of(3L, "x"));
    assertThat(readOne("Tuple(Int8, String)", "[3,\"x\"]")).containsExactly(List.of(3L, "x"));
    assertThat(readOne("LowCardinality(Nullable(String))", "null")).containsExactly((Object) null);
    assertThat(readOne("Int32", "null")).containsExactly(0L);
  }

  @Test
  void refusesUnknownFieldsWithASuggestionUnlessToldToSkipThem() {
    String text = "{\"id\":1,\"nmae\":{\"deep\":[\"]\"]},\"name\":\"a\"}";
    assertThatThrownBy(() -> read(TWO, false, text))
        .isInstanceOf(VarveException.class)
        .hasMessage("unknown field \"nmae\"; did you mean \"name\"?");
    assertThat(read(TWO, true, text)).isEqualTo(List.of(List.of(1L, "a")));
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    assertThatThrownBy(() -> read(TWO, false, "{\"id\":\"x\"}"))
        .hasMessage("column \"id\": expected UInt32, found \"\"x\"\"");
    assertThatThrownBy(() -> read(TWO, false, "{\"id\":1 \"name\":2}"))
        .hasMessage("not JSON at byte 8: expected '}', found \"\"name\":2}\"");
    assertThatThrownBy(() -> read(TWO, false, "{\"id\":1,\"id\":2}"))
        .hasMessage("field \"id\" stands twice");
    assertThatThrownBy(() -> read(TWO, false, "not json"))
        .hasMessage("not JSON at byte 0: expected '{', found \"not json\"");
    for (String torn :
        List.of(
            "{",
            "{\"id",
            "{\"id\"",
            "{\"id\":",
            "{\"id\":1",
            "{\"name\":\"a",
            "{\"name\":\"\\",
            "{\"name\":\"\\u00",
            "{\"name\":\"\\ud800x\"}",
            "{\"name\":{",
            "{\"id\":}")) {
      assertThatThrownBy(() -> read(TWO, false, torn)).isInstanceOf(VarveException.class);
    }
    assertThatThrownBy(() -> readOne("Array(Int8)", "[null]"))
        .hasMessageContaining("an element that cannot be NULL is null");
    assertThatThrownBy(() -> readOne("Int8", "nul")).isInstanceOf(VarveException.class);
  }

  @Test
  void aRowThatFailsLeavesTheOthersWhole() {
    List<ColumnDefinition> columns =
        columns("a", "Array(String)", "b", "Nullable(Int8)", "c", "Int8");
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      RowBuilders builders = new RowBuilders(columns, scratch);
      JsonRows reader = new JsonRows(columns, false);
      byte[] good = "{\"a\":[\"x\",\"y\"],\"b\":1,\"c\":2}".getBytes(StandardCharsets.UTF_8);
      byte[] bad = "{\"a\":[\"z\"],\"b\":null,\"c\":\"?\"}".getBytes(StandardCharsets.UTF_8);
      reader.read(builders, good, 0, good.length);
      assertThatThrownBy(() -> reader.read(builders, bad, 0, bad.length))
          .isInstanceOf(VarveException.class);
      reader.read(builders, good, 0, good.length);
      List<Object> row = List.of(List.of("x", "y"), 1L, 2L);
      assertThat(rows(builders.build())).isEqualTo(List.of(row, row));
    }
  }

  @Test
  void findsTheEndOfARowThatComesInPieces() {
    byte[] text = "{\"a\":\"}\\\"\",\"b\":{}} {".getBytes(StandardCharsets.UTF_8);
    assertThat(JsonRows.end(text, 0, text.length)).isEqualTo(text.length - 2);
    assertThat(JsonRows.end(text, 0, text.length - 3)).isEqualTo(-1);
  }

  @Test
  void defaultExpressionsFillWhatRowsLeaveOut() {
    List<ColumnDefinition> columns =
        List.of(
            ColumnDefinition.of("a", DataTypes.INT64),
            new ColumnDefinition("b", DataTypes.INT64, ColumnDefinition.Kind.DEFAULT, "a", "", ""));
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      RowBuilders builders = new RowBuilders(columns, scratch);
      JsonRows reader = new JsonRows(columns, false);
      byte[] text =
          "{\"a\":1}{\"a\":2,\"b\":9}{\"a\":3,\"b\":null}".getBytes(StandardCharsets.UTF_8);
      int at = 0;
      while (at >= 0) {
        at = reader.read(builders, text, at, text.length);
      }
      RowDefaults defaults = new RowDefaults(columns, (sql, known) -> new FirstColumn());
      assertThat(rows(defaults.fill(builders, scratch)))
          .isEqualTo(List.of(List.of(1L, 1L), List.of(2L, 9L), List.of(3L, 3L)));
    }
  }

  /// Stands for a compiled `a`.
  private static final class FirstColumn
      implements dev.varve.storage.table.ExpressionCompiler.Compiled {
    @Override
    public dev.varve.storage.type.DataType type() {
      return DataTypes.INT64;
    }

    @Override
    public Vector evaluate(Batch rows, Scratch scratch) {
      return rows.column(0);
    }
  }

  @Randomized(times = 500)
  void damagedTextIsReadOrRefusedButNeverBreaksTheReader(RandomGenerator random) {
    byte[] text =
        "{\"id\":17,\"name\":\"some \\u00e4 text\"}\n{\"name\":\"\",\"id\":0}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4); i >= 0; i--) {
      text[random.nextInt(text.length)] = (byte) random.nextInt(256);
    }
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      RowBuilders builders = new RowBuilders(TWO, scratch);
      JsonRows reader = new JsonRows(TWO, random.nextBoolean());
      int from = random.nextInt(3);
      int to = text.length - random.nextInt(10);
      try {
        int at = from;
        while (at >= 0) {
          at = reader.read(builders, text, at, to);
          assertThat(at).isLessThanOrEqualTo(to);
        }
      } catch (VarveException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
      assertThat(rows(builders.build())).hasSizeLessThanOrEqualTo(2);
    }
  }
}
