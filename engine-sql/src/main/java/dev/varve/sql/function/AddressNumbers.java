// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// IPv4 addresses as arguments of functions that know numbers only: they are read as the unsigned
/// numbers that they are in memory.
final class AddressNumbers {
  private AddressNumbers() {}

  /// The function over the numbers, or null where no argument is an address or it takes numbers no
  /// better.
  ///
  /// @param binder how the function binds
  /// @param refused why the function did not take the arguments as they are
  static ScalarFunction.Binding bind(
      ScalarFunction.Binder binder, List<Argument> arguments, ErrorCode refused) {
    List<Argument> numbers = new ArrayList<>();
    boolean any = false;
    for (Argument argument : arguments) {
      boolean address = argument.plain() instanceof DataType.Ipv4;
      any |= address;
      DataType number =
          argument.type().isNullable() ? DataTypes.nullable(DataTypes.UINT32) : DataTypes.UINT32;
      numbers.add(address ? Argument.of(number) : argument);
    }
    if (!any || refused != ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT) {
      return null;
    }
    ScalarFunction.Binding bound;
    try {
      bound = binder.bind(numbers);
    } catch (VarveException e) {
      return null;
    }
    return new ScalarFunction.Binding(
        bound.type(),
        (v, rows, scratch) -> {
          List<Vector> read = new ArrayList<>();
          for (int i = 0; i < v.size(); i++) {
            boolean address = arguments.get(i).plain() instanceof DataType.Ipv4;
            read.add(address ? v.get(i).as(numbers.get(i).type()) : v.get(i));
          }
          return bound.kernel().evaluate(read, rows, scratch);
        });
  }
}
