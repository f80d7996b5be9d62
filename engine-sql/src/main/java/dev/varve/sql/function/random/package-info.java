// SPDX-License-Identifier: Apache-2.0
/// Random numbers of many distributions, random texts, shuffled arrays.
package dev.varve.sql.function.random;
