package cast

import (
	"fmt"

	"presage"
)

// plateOf is the licence plate of the n-th vehicle of the fleet, below 50,000. Nobody's
// car has it: no Chinese plate has an I after the province, and no German number begins
// with a 0.
func (c *City) plateOf(n int) presage.Plate {
	return presage.Plate(fmt.Sprintf("%s%05d", c.plate, n+1))
}
