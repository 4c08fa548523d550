package mapped

import (
	"embed"
	"fmt"

	"presage"
)

//go:embed shipped
var shipped embed.FS

// ShippedNames are the mappings that come with Presage, in order.
func ShippedNames() []string {
	entries, err := shipped.ReadDir("shipped")
	if err != nil {
		panic(err) // compiled in: a fault is a programmer's mistake
	}
	files := make([]string, len(entries))
	for i, e := range entries {
		files[i] = e.Name()
	}
	return names(files)
}

// Shipped returns the mapping of that name; ErrNotFound when there is none.
func Shipped(name string) (*Mapping, error) {
	file := name + ".yaml"
	content, err := shipped.ReadFile("shipped/" + file)
	if err != nil {
		return nil, fmt.Errorf("%w: no mapping %.40q comes with Presage", presage.ErrNotFound, name)
	}
	return Parse(file, content)
}
