package main

// namesCommand looks after the signal names that vehicles invented.
type namesCommand struct {
	List listNamesCommand `cmd:"" help:"List the names that are not in the signal table, as CSV."`
	Free freeNamesCommand `cmd:"" help:"Forget names, and the readings under them. The service must not run."`
}
