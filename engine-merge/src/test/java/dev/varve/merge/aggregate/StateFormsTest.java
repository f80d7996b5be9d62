// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bytes of states as tables hold them: what is here must be readable for ever.
final class StateFormsTest {
  /// Of the rows (1, 5), (2, 5), (3, 7) as far as the function takes arguments.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "count|||0103|3",
        "sum||UInt8|01030106|6",
        "avg||Int64|01030106|2.0",
        "sum||Float64|010300000000000018400000000000000000|6.0",
        "min||UInt8|010101|1",
        "anyLast||UInt16|01020300|3",
        "argMax||UInt8;UInt8|0101030107|3",
        "uniqExact||UInt8|0103010101020103|3",
        "groupArray||UInt8|0103010101020103|[1, 2, 3]",
        "groupConcat||UInt8|0103010101020103|123",
        "quantileExact||UInt8|0203010101020103|2",
        "quantileExact||UInt8|010003000000000000f03f00000000000000400000000000000840|2",
        "topK||UInt8|0103010101010201010301|[1, 2, 3]",
        "groupBitXor||UInt8|010100|0",
        "sumIf||UInt8;UInt8|01030106|6",
        "sumOrNull||UInt8|010401030106|6"
      })
  void aStateIsTheseBytesAndReadsThemBack(
      String function, String parameters, String types, String hex, String result) {
    List<DataType> arguments = new ArrayList<>();
    if (types != null) {
      for (String type : types.split(";")) {
        arguments.add(DataTypes.parse(type));
      }
    }
    AggregateFunction bound =
        AggregateStates.of(
            function, parameters == null ? List.of() : List.of(parameters), arguments);
    try (BufferAllocator allocator = new RootAllocator();
        Scratch scratch = new Scratch(allocator)) {
      boolean old = function.equals("quantileExact") && hex.startsWith("01");
      if (!old) {
        assertThat(HexFormat.of().formatHex(ofRows(bound, arguments, scratch))).isEqualTo(hex);
      }
      AggregateState read = bound.newState();
      read.merge(MemorySegment.ofArray(HexFormat.of().parseHex(hex)));
      VectorBuilder to = new VectorBuilder(bound.resultType(), scratch);
      read.result(to);
      assertThat(String.valueOf(VectorValues.get(to.build(), 0))).isEqualTo(result);
    }
  }

  private static byte[] ofRows(AggregateFunction function, List<DataType> types, Scratch scratch) {
    Object[][] columns = {{1L, 2L, 3L}, {5L, 5L, 7L}};
    Object[] floats = {1.0, 2.0, 3.0};
    List<Vector> arguments = new ArrayList<>();
    for (int a = 0; a < types.size(); a++) {
      boolean isFloat = types.get(a) instanceof DataType.Float;
      arguments.add(VectorValues.of(types.get(a), scratch, isFloat ? floats : columns[a]));
    }
    AggregateState state = function.newState();
    for (int row = 0; row < 3; row++) {
      state.update(arguments, row);
    }
    return state.serialize();
  }
}
