module grade

go 1.19
