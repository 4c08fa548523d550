// Package recorded reads recordings of real cars and writes them as the
// messages that the cars would have published: COVESA VSS names and units, in
// time order, every row of the file.
//
//	ev-cloud  carN_summary.csv and carN_cells.csv of an electric car, either or both
//	carobd    trips of a car by OBD at 1 Hz, without a date
//	kit-obd   trips of a car by OBD at 1 Hz, the date in the trip's name
//
// Files may be compressed by gzip, whatever their name. Every column that is
// mapped must be there; others are left alone. An empty cell, "NaN" or an
// infinite number is not a reading. A value that cannot be (0 V in a cell, a
// temperature code) is sent as it came: a store keeps what came, and whoever
// computes asks the signal table.
//
// # Times
//
// ev-cloud rows carry China's local time (UTC+8), kit-obd rows the local time
// of Karlsruhe; a trip goes on past midnight when its clock starts again.
// carobd rows carry none: each trip begins seven hours after the one before has
// ended, in file order, the first at Options.Start or at 2019-01-01 UTC. With
// Options.Start all rows are shifted so that the first one is at Start.
//
// Rows of one instant that say the same are sent as they are: a repeat, which a
// store keeps once. When they differ, the later ones are moved by 1 ms each, so
// that no row is lost.
//
// # ev-cloud
//
// The sign of the current is turned: the file has discharge positive (it is
// positive while driving and negative in charge_status 1), VSS has current into
// the battery positive. Charge status 1 and 2 (GB/T 32960: parked and driving)
// mean charging, 3 and 4 not charging. Temperatures carry the offset of 40
// degC of GB/T 32960 (55-80 in the spring and summer of Shanghai), which is
// taken off; its codes 254, 255 and 511 for "no value" stay as they are, out of
// the signal's range. So does 0, which the protocol means as -40 degC. Insulation is
// in kOhm in one car and in MOhm in another under the same heading: when no row
// of a file passes 10, it is taken for MOhm (a pack with less than 10 kOhm to the
// body would not be driven for months). Cells without a reading become 0 V, which is
// how other files of the same source write them and out of range; the array
// keeps its places. cell_min_idx and cell_max_idx count from 1, VSS from 0.
package recorded
