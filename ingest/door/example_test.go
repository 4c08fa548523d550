package door_test

import (
	"errors"
	"fmt"

	"presage"
	"presage/ingest/door"
)

// A gateway may be given what is below its own first level, nothing wider.
func ExampleCheckFilter() {
	fmt.Println(door.CheckFilter("ovms/#"))
	fmt.Println(errors.Is(door.CheckFilter("#"), presage.ErrInvalid))
	// Output:
	// <nil>
	// true
}
