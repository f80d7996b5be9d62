// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.function.aggregate.Aggregates;
import dev.varve.sql.function.aggregate.MoreAggregates;
import dev.varve.sql.function.aggregate.StateFunctions;
import dev.varve.sql.function.aggregate.StoredStates;
import dev.varve.sql.function.array.ArrayMeasures;
import dev.varve.sql.function.array.ArrayShapes;
import dev.varve.sql.function.array.Arrays;
import dev.varve.sql.function.array.LambdaArrays;
import dev.varve.sql.function.array.MapArithmetic;
import dev.varve.sql.function.array.Maps;
import dev.varve.sql.function.array.MoreArrays;
import dev.varve.sql.function.array.RankedPlaces;
import dev.varve.sql.function.bitmap.Bitmaps;
import dev.varve.sql.function.conversion.Conversions;
import dev.varve.sql.function.conversion.Reinterpretation;
import dev.varve.sql.function.definition.AggregateFunction;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.geo.Curves;
import dev.varve.sql.function.geo.Geohash;
import dev.varve.sql.function.geo.Globe;
import dev.varve.sql.function.geo.Shapes;
import dev.varve.sql.function.json.JsonFunctions;
import dev.varve.sql.function.json.PathFunctions;
import dev.varve.sql.function.json.SimpleJson;
import dev.varve.sql.function.logic.Choices;
import dev.varve.sql.function.logic.Conditionals;
import dev.varve.sql.function.logic.Connectives;
import dev.varve.sql.function.misc.Addresses;
import dev.varve.sql.function.misc.Ciphers;
import dev.varve.sql.function.misc.Hashes;
import dev.varve.sql.function.misc.Networks;
import dev.varve.sql.function.misc.ValueHashes;
import dev.varve.sql.function.misc.Values;
import dev.varve.sql.function.misc.WideHashes;
import dev.varve.sql.function.number.Arithmetic;
import dev.varve.sql.function.number.BitFunctions;
import dev.varve.sql.function.number.Comparison;
import dev.varve.sql.function.number.Mathematics;
import dev.varve.sql.function.number.NullDivision;
import dev.varve.sql.function.number.Numbers;
import dev.varve.sql.function.random.RandomNumbers;
import dev.varve.sql.function.random.RandomTexts;
import dev.varve.sql.function.session.Facts;
import dev.varve.sql.function.session.Running;
import dev.varve.sql.function.session.Surroundings;
import dev.varve.sql.function.text.BitText;
import dev.varve.sql.function.text.Characters;
import dev.varve.sql.function.text.Collation;
import dev.varve.sql.function.text.Distances;
import dev.varve.sql.function.text.Encodings;
import dev.varve.sql.function.text.KeyValues;
import dev.varve.sql.function.text.Matching;
import dev.varve.sql.function.text.MultiSearch;
import dev.varve.sql.function.text.Ngrams;
import dev.varve.sql.function.text.Phrases;
import dev.varve.sql.function.text.QueryTexts;
import dev.varve.sql.function.text.Regexes;
import dev.varve.sql.function.text.Splitting;
import dev.varve.sql.function.text.Strings;
import dev.varve.sql.function.text.TextChecks;
import dev.varve.sql.function.text.TextMeasures;
import dev.varve.sql.function.text.Tokens;
import dev.varve.sql.function.time.MadeTimes;
import dev.varve.sql.function.time.TimeArithmetic;
import dev.varve.sql.function.time.TimeFields;
import dev.varve.sql.function.time.TimeFormats;
import dev.varve.sql.function.time.TimeParsing;
import dev.varve.sql.function.time.TimeParts;
import dev.varve.sql.function.time.TimeStarts;
import dev.varve.sql.function.tuple.Spaces;
import dev.varve.sql.function.tuple.TupleArithmetic;
import dev.varve.sql.function.tuple.Tuples;
import dev.varve.sql.function.url.Urls;
import dev.varve.sql.function.uuid.Snowflakes;
import dev.varve.sql.function.uuid.Uuids;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The functions that Varve comes with, family by family.
final class BuiltInFunctions {
  private BuiltInFunctions() {}

  static List<ScalarFunction> scalars(Clock clock) {
    List<ScalarFunction> all = new ArrayList<>();
    List<ScalarFunction> numbers = Arithmetic.functions();
    TupleArithmetic tuples = new TupleArithmetic(numbers);
    for (ScalarFunction function : numbers) {
      boolean ofStates = function.name().equals("plus") || function.name().equals("multiply");
      ScalarFunction extended = tuples.extended(function);
      all.add((ofStates ? StateFunctions.withStates(extended) : extended).in("Arithmetic"));
    }
    add(all, "Arithmetic", NullDivision.functions(numbers));
    add(all, "Tuples", tuples.functions());
    add(all, "Tuples", Tuples.functions());
    add(all, "Vectors", Spaces.functions());
    numbers(all);
    texts(all);
    times(all, clock);
    arrays(all);
    others(all);
    return all;
  }

  private static void add(
      List<ScalarFunction> all, String category, List<ScalarFunction> functions) {
    functions.forEach(function -> all.add(function.in(category)));
  }

  private static void numbers(List<ScalarFunction> all) {
    add(all, "Comparison", Comparison.functions());
    add(all, "Mathematics", Mathematics.functions());
    add(all, "Mathematics", Numbers.functions());
    add(all, "Logic", Connectives.functions());
    add(all, "Conditions", Conditionals.functions(CommonTypes::of));
    add(all, "Conditions", Choices.functions(CommonTypes::of));
    add(all, "Conversion", Conversions.functions());
    add(all, "Conversion", Reinterpretation.functions());
    add(all, "Mathematics", BitFunctions.functions());
  }

  private static void texts(List<ScalarFunction> all) {
    for (ScalarFunction function : Strings.functions()) {
      all.add(Arrays.extended(function, CommonTypes::of).in("Text"));
    }
    add(all, "Text", TextMeasures.functions());
    add(all, "Text", Characters.functions());
    add(all, "Text", Collation.functions());
    add(all, "Text", KeyValues.functions());
    add(all, "Text", QueryTexts.functions());
    add(all, "Text", Phrases.functions());
    add(all, "Text", Distances.functions());
    add(all, "Text", Ngrams.functions());
    add(all, "Splitting", Splitting.functions());
    add(all, "Searching", Matching.functions());
    add(all, "Searching", TextChecks.functions());
    add(all, "Searching", Tokens.functions());
    add(all, "Searching", MultiSearch.functions());
    add(all, "Searching", Regexes.functions());
    add(all, "Encoding", Encodings.functions());
    add(all, "Encoding", BitText.functions());
    add(all, "URL", Urls.functions());
    add(all, "JSON", JsonFunctions.functions());
    add(all, "JSON", PathFunctions.functions());
    add(all, "JSON", SimpleJson.functions());
  }

  private static void times(List<ScalarFunction> all, Clock clock) {
    add(all, "Dates and times", TimeFields.functions());
    add(all, "Dates and times", TimeArithmetic.functions(clock));
    add(all, "Dates and times", TimeStarts.functions());
    add(all, "Dates and times", TimeFormats.functions());
    add(all, "Dates and times", MadeTimes.functions());
    add(all, "Dates and times", TimeParts.functions());
    add(all, "Dates and times", TimeParsing.functions());
  }

  private static void arrays(List<ScalarFunction> all) {
    add(all, "Arrays", Arrays.functions(CommonTypes::of));
    add(all, "Arrays", ArrayShapes.functions(CommonTypes::of));
    add(all, "Arrays", LambdaArrays.functions());
    add(all, "Arrays", MoreArrays.functions());
    add(all, "Arrays", ArrayMeasures.functions());
    add(all, "Arrays", RankedPlaces.functions());
    add(all, "Maps", Maps.functions(CommonTypes::of));
    add(all, "Maps", MapArithmetic.functions(CommonTypes::of));
  }

  private static void others(List<ScalarFunction> all) {
    add(all, "Hashing", Hashes.functions());
    add(all, "Hashing", ValueHashes.functions());
    add(all, "Hashing", WideHashes.functions());
    add(all, "Encryption", Ciphers.functions());
    add(all, "Addresses", Addresses.functions());
    add(all, "Addresses", Networks.functions());
    add(all, "Bitmaps", Bitmaps.functions());
    add(all, "Geography", Globe.functions());
    add(all, "Geography", Geohash.functions());
    add(all, "Geography", Shapes.functions());
    add(all, "Geography", Curves.functions());
    add(all, "Random", RandomNumbers.functions());
    add(all, "Random", RandomTexts.functions());
    add(all, "Identifiers", Uuids.functions());
    add(all, "Identifiers", Snowflakes.functions());
    add(all, "Values", Values.functions());
    add(all, "Surroundings", Surroundings.functions());
    add(all, "Surroundings", Facts.functions());
    add(all, "Surroundings", Running.functions());
    add(all, "Aggregate states", StateFunctions.functions());
  }

  static List<AggregateFunction> aggregates() {
    List<AggregateFunction> all = new ArrayList<>(Aggregates.functions());
    all.addAll(MoreAggregates.functions());
    Set<String> known = new HashSet<>();
    for (AggregateFunction function : all) {
      known.add(function.name());
      known.addAll(function.aliases());
    }
    all.addAll(StoredStates.functions(known));
    return all;
  }
}
