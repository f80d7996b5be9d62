// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.text;

import dev.varve.sql.function.definition.Declared;
import dev.varve.sql.function.definition.RowBinding;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import java.text.Collator;
import java.text.ParseException;
import java.text.RuleBasedCollator;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// `collationKey(text, 'en')`: bytes that compare as a dictionary of the language sorts the texts.
/// `ORDER BY x COLLATE 'en'` sorts by it.
public final class Collation {
  private Collation() {}

  public static List<ScalarFunction> functions() {
    return List.of(
        Declared.bound(
            "collationKey(text String, language const String)",
            "Bytes that compare as texts do in the order of a language, such as 'en' or 'de'.",
            args -> {
              Collator collator = collator(locale(args.get(1).constant().toString()));
              return RowBinding.of(
                  DataTypes.STRING,
                  (v, row, to) -> to.appendBytes(key(collator, RowBinding.text(v.get(0), row))));
            }));
  }

  // A collator is no one's alone, and remembers where it is.
  private static byte[] key(Collator collator, String text) {
    synchronized (collator) {
      return collator.getCollationKey(text).toByteArray();
    }
  }

  private static Locale locale(String language) {
    Locale locale = Locale.forLanguageTag(language.replace('_', '-'));
    boolean known =
        !locale.getLanguage().isEmpty()
            && Arrays.stream(Collator.getAvailableLocales())
                .anyMatch(l -> l.getLanguage().equals(locale.getLanguage()));
    if (!known) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "no order is known of the language \"" + language + "\"; use a code such as 'en'");
    }
    return locale;
  }

  /// The order of the language, in which blanks and punctuation count, as Java's own leave them
  /// out.
  private static Collator collator(Locale locale) {
    Collator plain = Collator.getInstance(locale);
    if (!(plain instanceof RuleBasedCollator ruled)) {
      return plain;
    }
    try {
      Collator counted =
          new RuleBasedCollator(ruled.getRules().replace("<'\u005f'", "<' '<'\u005f'"));
      counted.setStrength(Collator.TERTIARY);
      counted.setDecomposition(Collator.CANONICAL_DECOMPOSITION);
      return counted;
    } catch (ParseException e) {
      throw new IllegalStateException("rules of " + locale + " do not parse", e);
    }
  }
}
