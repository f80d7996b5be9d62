// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.expression.Expression.Call;
import dev.varve.sql.expression.Expression.InputColumn;
import dev.varve.sql.expression.Expression.Lambda;
import dev.varve.sql.expression.Expression.Literal;
import dev.varve.sql.function.definition.Argument;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import dev.varve.test.Randomized;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FunctionsTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  private final BufferAllocator allocator = new RootAllocator();
  private final Scratch scratch = new Scratch(allocator);

  @AfterEach
  void release() {
    scratch.close();
    allocator.close();
  }

  private static Expression value(Object value, String type) {
    return new Literal(value, DataTypes.parse(type));
  }

  private static Expression text(String value) {
    return value(value, "String");
  }

  private static Expression number(long value) {
    return value(value, "Int32");
  }

  private static Expression call(String name, Expression... arguments) {
    List<Argument> types = new ArrayList<>();
    for (Expression argument : arguments) {
      types.add(
          argument instanceof Literal(Object value, DataType type)
              ? Argument.constant(value, type)
              : Argument.of(argument.type()));
    }
    return new Call(FUNCTIONS.scalarOf(name, types), List.of(arguments));
  }

  private Object of(Expression expression) {
    return VectorValues.get(expression.evaluate(new Batch(1, List.of()), scratch), 0);
  }

  private Object of(String name, Expression... arguments) {
    return of(call(name, arguments));
  }

  @Test
  void textIsSearchedCutAndChanged() {
    assertThat(of("substring", text("hello world"), number(-5), number(3))).isEqualTo("wor");
    assertThat(of("substring", text("abc"), number(2))).isEqualTo("bc");
    assertThat(of("position", text("abcabc"), text("ca"))).isEqualTo(BigInteger.valueOf(3));
    assertThat(of("replaceAll", text("banana"), text("an"), text("<>"))).isEqualTo("b<><>a");
    assertThat(of("concat", text("a"), number(1), text("b"))).isEqualTo("a1b");
    assertThat(of("trimBoth", text("  a b "))).isEqualTo("a b");
    assertThat(of("leftPad", text("7"), number(3), text("0"))).isEqualTo("007");
    assertThat(of("splitByChar", text(","), text("a,,b"))).isEqualTo(List.of("a", "", "b"));
    assertThat(of("lengthUTF8", text("é"))).isEqualTo(BigInteger.ONE);
    assertThat(of("hex", text("AB"))).isEqualTo("4142");
    assertThat(of("LENGTH", text("abc"))).isEqualTo(BigInteger.valueOf(3));
    assertThat(of("isValidUTF8", text("é"))).isEqualTo(true);
    assertThat(of("multiSearchAny", text("abc"), call("array", text("x"), text("bc"))))
        .isEqualTo(true);
  }

  @Test
  void likeTakesPercentUnderscoreAndEscape() {
    assertThat(of("like", text("hello world"), text("%wor%d"))).isEqualTo(true);
    assertThat(of("like", text("hello world"), text("hello"))).isEqualTo(false);
    assertThat(of("like", text("aba"), text("a%ba"))).isEqualTo(true);
    assertThat(of("like", text("aa"), text("a%aa"))).isEqualTo(false);
    assertThat(of("like", text("50%"), text("50\\%"))).isEqualTo(true);
    assertThat(of("like", text("505"), text("50\\%"))).isEqualTo(false);
    assertThat(of("like", text("é!"), text("_!"))).isEqualTo(true);
    assertThat(of("like", text(""), text("%"))).isEqualTo(true);
    assertThat(of("ilike", text("Hello"), text("hEL%"))).isEqualTo(true);
    assertThat(of("notLike", text("a"), text("b%"))).isEqualTo(true);
  }

  @Test
  void regularExpressionsMatchExtractAndReplace() {
    assertThat(of("match", text("abc123"), text("[0-9]+"))).isEqualTo(true);
    assertThat(of("extract", text("key=42;"), text("=([0-9]+)"))).isEqualTo("42");
    assertThat(of("replaceRegexpAll", text("a1b22"), text("([0-9]+)"), text("[\\1]")))
        .isEqualTo("a[1]b[22]");
    assertThatThrownBy(() -> of("match", text("a"), text("(")))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENTS));
  }

  @Test
  void digitsBeyondTheScaleOfADecimalAreCut() {
    assertThat(of("toDecimal64", text("1.239"), number(2))).isEqualTo(new BigDecimal("1.23"));
    assertThat(of("toDecimal64", text("-1.239"), number(2))).isEqualTo(new BigDecimal("-1.23"));
    assertThat(of("toDecimal128", text("7.9"), number(0))).isEqualTo(new BigDecimal("7"));
    assertThat(of("toDecimal64OrNull", text("1.2x9"), number(1))).isNull();
  }

  @Test
  void labelsOfAnEnumStandForTexts() {
    assertThat(of("base64URLEncode", value("a", "Enum8('a' = 1)"))).isEqualTo("YQ");
    assertThatThrownBy(() -> of("JSONExtract", value("a", "Enum8('a' = 1)"), text("no such type")))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_TYPE));
  }

  @Test
  void whatIsNoScaleIsRefused() {
    assertThatThrownBy(() -> of("toDecimal32", number(1), number(10)))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENTS));
    assertThatThrownBy(() -> of("base64Decode", text("*")))
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CANNOT_PARSE_INPUT));
  }

  @Test
  void datesAndTimesAreTakenApartInTheirZone() {
    Expression day = value(LocalDate.of(2024, 2, 29), "Date");
    assertThat(of("toYear", day)).isEqualTo(2024L);
    assertThat(of("toYYYYMM", day)).isEqualTo(202402L);
    assertThat(of("toDayOfWeek", day)).isEqualTo(4L);
    assertThat(of("addMonths", day, number(12))).isEqualTo(LocalDate.of(2025, 2, 28));
    assertThat(of("toStartOfMonth", day)).isEqualTo(LocalDate.of(2024, 2, 1));
    assertThat(of("toMonday", day)).isEqualTo(LocalDate.of(2024, 2, 26));
    Expression time = value(LocalDateTime.of(2024, 3, 31, 1, 30), "DateTime('Europe/Berlin')");
    // The clock goes from 2 to 3 that night.
    assertThat(of("addHours", time, number(1))).isEqualTo(LocalDateTime.of(2024, 3, 31, 3, 30));
    assertThat(of("addDays", time, number(1))).isEqualTo(LocalDateTime.of(2024, 4, 1, 1, 30));
    assertThat(of("toHour", time, text("UTC"))).isEqualTo(0L);
    Expression later = value(LocalDate.of(2024, 12, 31), "Date");
    assertThat(of("dateDiff", text("month"), day, later)).isEqualTo(10L);
    assertThat(of("toStartOfInterval", time, number(20), text("minute")))
        .isEqualTo(LocalDateTime.of(2024, 3, 31, 1, 20));
  }

  @Test
  void timesAreWrittenByAPattern() {
    Expression time = value(LocalDateTime.of(2024, 2, 29, 15, 4, 5), "DateTime");
    assertThat(of("formatDateTime", time, text("%Y-%m-%d %H:%i:%S %a %b %p %j %%")))
        .isEqualTo("2024-02-29 15:04:05 Thu Feb PM 060 %");
    assertThat(of("formatDateTime", time, text("%H"), text("Asia/Tokyo"))).isEqualTo("00");
    assertThat(of("toTimeZone", time, text("Asia/Tokyo")))
        .isEqualTo(LocalDateTime.of(2024, 3, 1, 0, 4, 5));
    assertThatThrownBy(() -> of("formatDateTime", time, text("%!")))
        .hasMessageContaining("no place %!");
  }

  @Test
  void aWrongUnitIsCorrected() {
    Expression day = value(LocalDate.of(2024, 2, 29), "Date");
    assertThatThrownBy(() -> of("dateDiff", text("mnth"), day, day))
        .hasMessageContaining("did you mean \"month\"");
  }

  @Test
  void castsFailOrGiveWhatTheirNamesSay() {
    assertThat(of("toInt32", text("42"))).isEqualTo(42L);
    assertThat(of("toInt32OrNull", text("x"))).isNull();
    assertThat(of("toInt32OrZero", text("x"))).isEqualTo(0L);
    assertThat(of("toInt8", number(300))).isEqualTo(44L);
    assertThat(of("toUInt64", text("18446744073709551615")))
        .isEqualTo(new BigInteger("18446744073709551615"));
    assertThat(of("toDecimal64", text("1.25"), number(2))).isEqualTo(new BigDecimal("1.25"));
    assertThat(of("toDate", text("2024-02-29"))).isEqualTo(LocalDate.of(2024, 2, 29));
    assertThat(of("toString", value(LocalDate.of(2024, 2, 29), "Date"))).isEqualTo("2024-02-29");
    assertThatThrownBy(() -> of("toInt32", text("x")))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANNOT_PARSE_INPUT))
        .hasMessageContaining("\"x\"");
    Expression tooMuch =
        new Call(FUNCTIONS.cast(DataTypes.INT32, DataTypes.INT8), List.of(number(300)));
    assertThatThrownBy(() -> of(tooMuch))
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CANNOT_CONVERT_TYPE));
  }

  @Test
  void nullsAreChosenAround() {
    Expression nothing = value(null, "Nullable(Int32)");
    assertThat(of("coalesce", nothing, number(5))).isEqualTo(5L);
    assertThat(of("ifNull", nothing, number(6))).isEqualTo(6L);
    assertThat(of("nullIf", number(5), number(5))).isNull();
    assertThat(of("if", nothing, text("then"), text("else"))).isEqualTo("else");
    assertThat(of("assumeNotNull", nothing)).isEqualTo(0L);
    assertThat(of("plus", nothing, number(1))).isNull();
    assertThat(of("isNull", nothing)).isEqualTo(true);
    assertThat(of("toTypeName", nothing)).isEqualTo("Nullable(Int32)");
  }

  @Test
  void arraysAreMadeAskedAndMapped() {
    Expression array = call("array", number(3), number(1), number(2));
    assertThat(of("has", array, value(2L, "UInt8"))).isEqualTo(true);
    assertThat(of("indexOf", array, number(1))).isEqualTo(BigInteger.TWO);
    assertThat(of("arraySum", array)).isEqualTo(6L);
    assertThat(of("arraySort", array)).isEqualTo(List.of(1L, 2L, 3L));
    assertThat(of("arrayElement", array, number(-1))).isEqualTo(2L);
    assertThat(of("range", number(3))).isEqualTo(List.of(0L, 1L, 2L));
    assertThat(of("arraySlice", array, number(-2), number(1))).isEqualTo(List.of(1L));
    assertThat(of("arrayPushFront", array, number(9))).isEqualTo(List.of(9L, 3L, 1L, 2L));
    assertThat(of("arrayEnumerateUniq", call("array", number(7), number(8), number(7))))
        .isEqualTo(List.of(1L, 1L, 2L));
    Expression isBig =
        new Call(
            FUNCTIONS.scalar("greater", List.of(DataTypes.INT32, DataTypes.INT32)),
            List.of(new InputColumn(0, DataTypes.INT32), number(1)));
    Lambda lambda = new Lambda(0, List.of(DataTypes.INT32), isBig);
    Expression filter =
        new Call(
            FUNCTIONS.scalar("arrayFilter", List.of(lambda.type(), array.type())),
            List.of(lambda, array));
    assertThat(of(filter)).isEqualTo(List.of(3L, 2L));
    assertThat(FUNCTIONS.lambdaParameters("arrayFilter", List.of(array.type())))
        .contains(List.of(DataTypes.INT32));
  }

  @Test
  void errorsNameWhatIsNear() {
    assertThatThrownBy(() -> FUNCTIONS.scalar("lenght", List.of(DataTypes.STRING)))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_FUNCTION))
        .hasMessageContaining("did you mean \"length\"");
    assertThatThrownBy(() -> FUNCTIONS.scalar("substring", List.of(DataTypes.STRING)))
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH));
    assertThatThrownBy(() -> FUNCTIONS.scalar("sqrt", List.of(DataTypes.STRING)))
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT));
  }

  @Test
  void divisionByZeroIsAnErrorOrWhatTheNameSays() {
    assertThatThrownBy(() -> of("intDiv", number(1), number(0)))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_DIVISION));
    assertThat(of("intDivOrZero", number(1), number(0))).isEqualTo(0L);
    assertThat(of("intDiv", number(1), value(null, "Nullable(Int32)"))).isNull();
    assertThat(of("divide", number(1), number(2))).isEqualTo(0.5);
  }

  @Randomized(times = 60)
  void decimalsAreExactHoweverWideTheyGet(RandomGenerator random) {
    int rows = 1 + random.nextInt(50);
    int precision = random.nextBoolean() ? 15 : 38;
    DataType type = new DataType.Decimal(precision, 2);
    Object[] a = decimals(random, rows, precision);
    Object[] b = decimals(random, rows, precision);
    Batch batch =
        new Batch(
            rows, List.of(VectorValues.of(type, scratch, a), VectorValues.of(type, scratch, b)));
    for (String name : List.of("plus", "minus", "multiply")) {
      Expression call =
          new Call(
              FUNCTIONS.scalar(name, List.of(type, type)),
              List.of(new InputColumn(0, type), new InputColumn(1, type)));
      Vector result = call.evaluate(batch, scratch);
      for (int i = 0; i < rows; i++) {
        BigDecimal x = (BigDecimal) a[i];
        BigDecimal y = (BigDecimal) b[i];
        BigDecimal wanted =
            switch (name) {
              case "plus" -> x.add(y);
              case "minus" -> x.subtract(y);
              default -> x.multiply(y);
            };
        assertThat(VectorValues.get(result, i)).as(name).isEqualTo(wanted);
      }
    }
  }

  private static Object[] decimals(RandomGenerator random, int rows, int precision) {
    Object[] values = new Object[rows];
    int bits = 1 + random.nextInt((int) (precision * 3.3) - 1);
    for (int i = 0; i < rows; i++) {
      byte[] bytes = new byte[bits / 8 + 1];
      random.nextBytes(bytes);
      BigInteger unscaled = new BigInteger(bytes).shiftRight(8 - bits % 8);
      values[i] = new BigDecimal(unscaled, 2);
    }
    return values;
  }

  /// Pairs of types whose values compare by what they mean.
  enum Compared {
    INT8("Int8", "Int8"),
    MIXED_SIGN("Int64", "UInt64"),
    UNSIGNED("UInt64", "UInt64"),
    DECIMAL("Decimal(15, 2)", "Decimal(9, 4)"),
    DATE("Date", "Date"),
    INT_AND_DECIMAL("Int32", "Decimal(9, 1)");

    final String left;
    final String right;

    Compared(String left, String right) {
      this.left = left;
      this.right = right;
    }
  }

  @ParameterizedTest
  @EnumSource
  void comparisonsAgreeWithTheValues(Compared types) {
    RandomGenerator random = new java.util.Random(types.ordinal());
    DataType left = DataTypes.parse(types.left);
    DataType right = DataTypes.parse(types.right);
    int rows = 300;
    Object[] a = new Object[rows];
    Object[] b = new Object[rows];
    for (int i = 0; i < rows; i++) {
      a[i] = any(left, random);
      b[i] = any(right, random);
    }
    Batch both =
        new Batch(
            rows, List.of(VectorValues.of(left, scratch, a), VectorValues.of(right, scratch, b)));
    for (String name :
        List.of("equals", "notEquals", "less", "greater", "lessOrEquals", "greaterOrEquals")) {
      Expression x = new InputColumn(0, left);
      Expression y = new InputColumn(1, right);
      List<Expression> withConstant = List.of(x, new Literal(b[0], right));
      check(name, List.of(x, y), both, a, b);
      Object[] first = new Object[rows];
      Arrays.fill(first, b[0]);
      check(name, withConstant, both, a, first);
    }
  }

  private void check(String name, List<Expression> arguments, Batch batch, Object[] a, Object[] b) {
    List<DataType> types = arguments.stream().map(Expression::type).toList();
    Vector result = new Call(FUNCTIONS.scalar(name, types), arguments).evaluate(batch, scratch);
    for (int i = 0; i < a.length; i++) {
      int order = exact(a[i]).compareTo(exact(b[i]));
      boolean wanted =
          switch (name) {
            case "equals" -> order == 0;
            case "notEquals" -> order != 0;
            case "less" -> order < 0;
            case "greater" -> order > 0;
            case "lessOrEquals" -> order <= 0;
            default -> order >= 0;
          };
      assertThat(VectorValues.get(result, i)).as(a[i] + " " + name + " " + b[i]).isEqualTo(wanted);
    }
  }

  private static BigDecimal exact(Object value) {
    return value instanceof LocalDate date
        ? BigDecimal.valueOf(date.toEpochDay())
        : new BigDecimal(value.toString());
  }

  private static Object any(DataType type, RandomGenerator random) {
    return switch (type) {
      case DataType.Int(int bits, boolean signed) -> {
        long value = random.nextInt(3) == 0 ? random.nextInt(4) : random.nextLong() >>> 64 - bits;
        if (bits == 64) {
          value = random.nextInt(3) == 0 ? random.nextInt(4) : random.nextLong();
        }
        yield signed
            ? (Object) (bits == 8 ? (long) (byte) value : bits == 32 ? (long) (int) value : value)
            : bits == 64 ? new BigInteger(Long.toUnsignedString(value)) : (Object) value;
      }
      case DataType.Decimal(int _, int scale) ->
          new BigDecimal(BigInteger.valueOf(random.nextInt(-400, 400)), scale);
      default -> LocalDate.ofEpochDay(random.nextInt(65_000));
    };
  }
}
