// Package xlsx reads and writes tables as Excel workbooks (github.com/xuri/excelize).
//
// A workbook that somebody sends is bounded before it is unpacked, and nothing in it is
// evaluated; one that is sent holds values alone, no formulas.
package xlsx
