// SPDX-License-Identifier: Apache-2.0
/// Dates and times: fields, rounding, arithmetic, formatting, in any zone.
package dev.varve.sql.function.time;
