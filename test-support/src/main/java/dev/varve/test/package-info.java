// SPDX-License-Identifier: Apache-2.0
/// What any test of the house may use: seeded randomness, faulty files, clocks turned by hand.
package dev.varve.test;
