package models_test

import (
	"fmt"

	"presage/models"
)

// An overlay replaces rows of the embedded catalogue: here a workshop's own price.
func ExampleLoadCatalogue() {
	c, err := models.LoadCatalogue([]byte(`
jobs:
  - code: cabin_filter_replace
    name: {zh: 更换空调滤芯, en: Replace cabin air filter}
    minutes: 20
    price: {minor: 9900, currency: CNY}
    parts: [{part: CF-PM25-11, quantity: 1}]
    breakdown_cost: {minor: 5000, currency: CNY}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	filter, _ := c.Component("cabin_filter")
	job, _ := c.Job(filter.JobCode)
	fmt.Println(job.Name.EN, job.Price, job.Minutes, "min")
	// Output: Replace cabin air filter CNY 99.00 20 min
}
