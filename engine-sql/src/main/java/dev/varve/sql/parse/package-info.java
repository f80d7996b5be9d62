// SPDX-License-Identifier: Apache-2.0
/// From text to statements: Calcite's grammar widened to our dialect, and what a statement is once
/// it is read. Queries stay Calcite's trees for `plan`; everything else becomes a record of
/// [dev.varve.sql.parse.Statement].
package dev.varve.sql.parse;
