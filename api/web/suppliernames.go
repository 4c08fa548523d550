package web

import (
	"slices"

	"presage"
)

// supplierNames are suppliers' own words by their IDs.
type supplierNames map[string]string

// supplierNames reads those of the planning parameters in force.
func (r *request) supplierNames() (supplierNames, error) {
	p, err := r.site.Parameters.PlanningParameters(r.Request.Context(), 0)
	return namesOf(p.Suppliers), err
}

func namesOf(all []presage.Supplier) supplierNames {
	names := supplierNames{}
	for _, s := range all {
		names[s.ID] = s.Name
	}
	return names
}

// SupplierName is the ID where the supplier has no name, or is not known.
func (n supplierNames) SupplierName(id string) string {
	if name := n[id]; name != "" {
		return name
	}
	return id
}

// Named is the forecast with suppliers' names in the place of their IDs, to be told in sentences.
func (n supplierNames) Named(f presage.PartForecast) presage.PartForecast {
	f.Advice.Supplier = n.SupplierName(f.Advice.Supplier)
	f.Advice.Sources = slices.Clone(f.Advice.Sources)
	for i := range f.Advice.Sources {
		f.Advice.Sources[i].Supplier = n.SupplierName(f.Advice.Sources[i].Supplier)
	}
	return f
}
