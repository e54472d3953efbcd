variable "app" {
  description = "The app, as Switchback writes it."
  type        = any
}

variable "account" {
  description = "The AWS account."
  type        = string
}

variable "certificate" {
  description = "ARN of the distribution's certificate."
  type        = string
}

variable "snapshot" {
  description = "Name of the database's last snapshot."
  type        = string
}
