// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.session;

import dev.varve.sql.expression.BoundFunction.Stability;
import dev.varve.sql.expression.Kernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Facts about the server that clients ask for, and rows as a format writes them.
public final class Facts {
  private static final double MILLIS = 1000;

  private Facts() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Declared.rows(
                "uptime()",
                "How many seconds the server runs.",
                DataTypes.UINT32,
                (_, _, to) ->
                    to.appendLong(
                        (long) (ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS)))
            .that(Stability.STABLE),
        number(
            "revision()",
            "The version of ClickHouse's protocol that its clients may take this server to speak.",
            54_460),
        number("shardNum()", "The number of this shard; 0, as there are none.", 0),
        number("shardCount()", "How many shards there are; 0, as there are none.", 0),
        Declared.rows(
            "errorCodeToName(code Int)",
            "The name of an error's number; empty for one that is not known.",
            DataTypes.STRING,
            (v, row, to) -> {
              long code = v.getFirst().getLong(row);
              RowBinding.append(
                  Arrays.stream(ErrorCode.values())
                      .filter(known -> known.number() == code)
                      .map(ErrorCode::name)
                      .findFirst()
                      .orElse(""),
                  to);
            }),
        Declared.bound(
                "formatRow(format const String, x Any, …)",
                "The values as a row of an output format, whose columns are called c1, c2, ….",
                args -> formatted("formatRow", args.size(), args, false))
            .handlingNulls(),
        Declared.bound(
                "formatRowNoNewline(format const String, x Any, …)",
                "The same without the end of the line.",
                args -> formatted("formatRowNoNewline", args.size(), args, true))
            .handlingNulls());
  }

  private static ScalarFunction number(String signature, String doc, long value) {
    return Declared.rows(signature, doc, DataTypes.UINT32, (_, _, to) -> to.appendLong(value));
  }

  private static Binding formatted(String name, int count, List<Argument> args, boolean cut) {
    String format = Arguments.constantText(name, args, 0);
    RowsFormats.requireOutput(format);
    List<String> names = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      names.add("c" + i);
      types.add(args.get(i).type());
    }
    Kernel kernel =
        (v, rows, scratch) -> {
          List<Vector> values = new ArrayList<>();
          for (Vector vector : v.subList(1, v.size())) {
            values.add(VectorOps.flatten(vector, scratch));
          }
          VectorBuilder to = new VectorBuilder(DataTypes.STRING, scratch);
          for (int row = 0; row < rows; row++) {
            to.appendBytes(line(format, names, types, values, row, scratch, cut));
          }
          return to.build();
        };
    return new Binding(DataTypes.STRING, kernel);
  }

  private static byte[] line(
      String format,
      List<String> names,
      List<DataType> types,
      List<Vector> values,
      int row,
      Scratch scratch,
      boolean cut) {
    List<Vector> single = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      VectorBuilder one = new VectorBuilder(types.get(i), scratch);
      one.append(values.get(i), row);
      single.add(one.build());
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (RowsWriter writer = RowsFormats.writer(format, text, names, types)) {
      writer.begin();
      writer.write(new Batch(1, single));
      writer.end(new RowsWriter.Statistics(0, 1, 0));
    } catch (IOException e) {
      throw new IllegalStateException("writing into memory failed", e);
    }
    byte[] bytes = text.toByteArray();
    int end = bytes.length;
    return cut && end > 0 && bytes[end - 1] == '\n' ? Arrays.copyOf(bytes, end - 1) : bytes;
  }
}
