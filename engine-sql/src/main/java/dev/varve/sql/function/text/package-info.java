// SPDX-License-Identifier: Apache-2.0
/// Strings: searching, cutting, changing, matching.
package dev.varve.sql.function.text;
