variable "region" {
  description = "AWS region of the state bucket and of the images."
  type        = string
}

variable "account" {
  description = "AWS account that is prepared; in any other nothing is done."
  type        = string
}

variable "app" {
  description = "App, its services, its environments in this account, and who may deploy them."
  type        = any
}
